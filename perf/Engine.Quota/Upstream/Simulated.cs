using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Engine.Quota;

/// <summary>What the simulation knows of a dialect: requests, answers, and how its provider says that a quota is used up.</summary>
internal abstract class Simulated
{
    private static readonly Simulated[] All = [new SimulatedOpenAi(), new SimulatedAnthropic(), new SimulatedGemini()];

    public static ImmutableArray<string> Names { get; } = [.. All.Select(static each => each.Name)];

    /// <summary>The dialect's config word.</summary>
    public abstract string Name { get; }

    /// <summary>True where the provider refills all the time; false where a minute's quota comes at once.</summary>
    public abstract bool IsBucket { get; }

    /// <summary>The header that carries a key, and what stands before the key in it.</summary>
    public abstract (string Header, string Prefix) Key { get; }

    public string Model => "model-" + Name;

    public static Simulated Of(string name) => All.First(each => each.Name == name);

    public static Simulated OfPath(string path) => Of(
        path.EndsWith("/chat/completions", StringComparison.Ordinal) ? "openai-chat" : path.EndsWith("/messages", StringComparison.Ordinal) ? "anthropic" : "gemini");

    /// <summary>Where the upstream of a config ends, given the server's address.</summary>
    public abstract string BaseUrl(string server);

    public abstract string Path(bool stream);

    /// <summary>A request's body: a system prompt, then turns of user and assistant in alternation.</summary>
    public abstract string Body(string system, IReadOnlyList<string> turns, bool stream);

    /// <summary>A whole answer.</summary>
    public abstract string Whole { get; }

    /// <summary>A stream's events up to its first content, then the rest.</summary>
    public abstract (string Head, string Tail) Streamed { get; }

    /// <summary>When the refusal that <see cref="Refuse"/> writes says the account may be called again.</summary>
    public abstract DateTimeOffset Named(Grant grant, DateTimeOffset now);

    /// <summary>The headers of an answer within the quota.</summary>
    public abstract void Head(IHeaderDictionary headers, Grant grant, QuotaPlan plan, DateTimeOffset now);

    /// <summary>The headers of a 429, and its body.</summary>
    public abstract string Refuse(IHeaderDictionary headers, Grant grant, QuotaPlan plan, DateTimeOffset now);

    protected static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    protected static long WholeSeconds(TimeSpan wait) => Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));

    /// <summary>Turns as objects of a list.</summary>
    protected static string Messages(IReadOnlyList<string> turns, string assistant, Func<string, string, string> one)
    {
        var list = new StringBuilder();
        for (var i = 0; i < turns.Count; i++)
        {
            list.Append(i == 0 ? "" : ",").Append(one(i % 2 == 0 ? "user" : assistant, turns[i]));
        }

        return list.ToString();
    }
}
