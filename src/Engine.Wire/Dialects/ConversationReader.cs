using System.Text.Json;
using Engine.Wire.Json;

namespace Engine.Wire.Dialects;

/// <summary>
/// Finds out to which conversation a request belongs: the id that the client gives in a header, else in the body, else a digest
/// of what stays the same from turn to turn, that is the system prompt, the tools and the turns up to the first of the user.
/// One pass notes slices, a second one digests those of the stable prefix; the order of the fields does not matter.
/// </summary>
internal static class ConversationReader
{
    // Neutral first, then what agents send (wire/codex-backend.md, "Headers").
    private static readonly string[] Headers =
    [
        "x-engine-session", "x-claude-code-session-id", "session-id", "session_id", "x-session-id", "x-session-affinity",
        "conversation-id", "conversation_id",
    ];

    /// <summary>The conversation's key; 0 when the request names none and has no turn of the user, or is no JSON object.</summary>
    public static UInt128 Read(ClientRequest request, ConversationFields fields)
    {
        foreach (var name in Headers)
        {
            if (request.Header(name) is { } value && !string.IsNullOrWhiteSpace(value))
            {
                return ConversationDigest.OfId(value.AsSpan().Trim());
            }
        }

        try
        {
            return Read(request.Body.Span, fields);
        }
        catch (JsonException)
        {
            // Whoever reads the whole request tells the client what is wrong with it.
            return UInt128.Zero;
        }
    }

    private static UInt128 Read(ReadOnlySpan<byte> body, ConversationFields fields)
    {
        var cursor = new JsonCursor(body);
        if (!cursor.EnterObject())
        {
            return UInt128.Zero;
        }

        RawJson system = default, tools = default, turns = default;
        EscapedText id = default;
        var rank = int.MaxValue;
        while (cursor.NextProperty())
        {
            if (cursor.NameIs(fields.Turns))
            {
                turns = cursor.ReadRaw();
            }
            else if (NameIsAny(in cursor, fields.System))
            {
                system = cursor.ReadRaw();
            }
            else if (NameIsAny(in cursor, fields.Tools))
            {
                tools = cursor.ReadRaw();
            }
            else if (RankOf(in cursor, fields.Ids) is var found and >= 0 && found <= rank)
            {
                var candidate = ReadId(cursor.ReadRaw(), fields.Ids[found]);
                if (!candidate.IsEmpty)
                {
                    id = candidate;
                    rank = found;
                }
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return id.IsEmpty ? OfPrefix(system, tools, turns, fields) : ConversationDigest.OfId(id);
    }

    private static bool NameIsAny(ref readonly JsonCursor cursor, IReadOnlyList<byte[]> names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (cursor.NameIs(names[i]))
            {
                return true;
            }
        }

        return false;
    }

    // The field's place in the order of precedence, or -1 when it is no id.
    private static int RankOf(ref readonly JsonCursor cursor, IReadOnlyList<ConversationIdField> ids)
    {
        for (var i = 0; i < ids.Count; i++)
        {
            if (cursor.NameIs(ids[i].Name))
            {
                return i;
            }
        }

        return -1;
    }

    private static EscapedText ReadId(RawJson value, ConversationIdField field)
    {
        if (value.IsEmpty)
        {
            return default;
        }

        var cursor = new JsonCursor(value.Utf8);
        if (value.Utf8[0] == (byte)'"')
        {
            return Part(cursor.ReadText(), field);
        }

        EscapedText id = default;
        if (field.Member.Length > 0 && cursor.EnterObject())
        {
            while (cursor.NextProperty())
            {
                if (cursor.NameIs(field.Member))
                {
                    id = cursor.ReadText();
                }
                else
                {
                    cursor.SkipValue();
                }
            }
        }

        return Part(id, field);
    }

    // Blank ids are what an unset variable leaves behind: they must not tie strangers together.
    private static EscapedText Part(EscapedText id, ConversationIdField field) =>
        field.Part(EscapedText.FromContent(id.Content.Trim((byte)' ')));

    private static UInt128 OfPrefix(RawJson system, RawJson tools, RawJson turns, ConversationFields fields)
    {
        if (turns.IsEmpty)
        {
            return UInt128.Zero;
        }

        using var digest = ConversationDigest.OfPrefix();
        digest.Add("system"u8);
        digest.AddContent(system);
        digest.Add("tools"u8);
        digest.AddValue(tools);
        return AddTurns(digest, turns, fields) ? digest.Finish() : UInt128.Zero;
    }

    private static bool AddTurns(ConversationDigest digest, RawJson turns, ConversationFields fields)
    {
        var cursor = new JsonCursor(turns.Utf8);
        if (turns.Utf8[0] == (byte)'{')
        {
            // proto3-JSON: a single message stands for a list of one.
            return AddTurn(digest, ref cursor, fields);
        }

        if (cursor.EnterArray())
        {
            while (cursor.NextElement())
            {
                if (AddTurn(digest, ref cursor, fields))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // True for a turn of the user, the last that belongs to the prefix. What it says decides, not ids or names beside it.
    private static bool AddTurn(ConversationDigest digest, ref JsonCursor cursor, ConversationFields fields)
    {
        if (!cursor.EnterObject())
        {
            return false;
        }

        EscapedText role = default;
        RawJson content = default;
        while (cursor.NextProperty())
        {
            if (cursor.NameIs("role"u8))
            {
                role = cursor.ReadText();
            }
            else if (cursor.NameIs(fields.Content))
            {
                content = cursor.ReadRaw();
            }
            else
            {
                cursor.SkipValue();
            }
        }

        var isUser = role.IsEmpty ? fields.RoleDefaultsToUser : role.TextEquals("user"u8);
        digest.Add(isUser ? "user"u8 : "turn"u8);
        if (!isUser)
        {
            digest.AddText(role);
        }

        digest.AddContent(content);
        return isUser;
    }
}
