using System.Text;

namespace Engine.Wire.Tests.Framing;

/// <summary>
/// The standard's algorithm as literally as it can be written, over a whole body, to compare the framer with. Three rules are
/// wire/README.md's own: blank data dispatches nothing, the last event may lack its blank line, and ids are ignored.
/// </summary>
internal static class ReferenceSseParser
{
    public static List<string> Parse(byte[] body)
    {
        string text = Encoding.UTF8.GetString(body);
        text = text.StartsWith('\uFEFF') ? text[1..] : text;
        string[] lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');

        var events = new List<string>();
        string name = "";
        var data = new List<string>();
        foreach (string line in lines.Append(""))
        {
            if (line.Length == 0)
            {
                if (!string.IsNullOrWhiteSpace(string.Concat(data)))
                {
                    events.Add($"event [{name}] {string.Join('\n', data)}");
                }

                name = "";
                data.Clear();
                continue;
            }

            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string field = colon < 0 ? line : line[..colon];
            string value = colon < 0 ? "" : line[(colon + 1)..];
            value = value.StartsWith(' ') ? value[1..] : value;
            switch (field)
            {
                case "data":
                    data.Add(value);
                    break;
                case "event":
                    name = value;
                    break;
            }
        }

        return events;
    }
}
