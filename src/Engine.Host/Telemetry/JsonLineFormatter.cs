using System.Buffers;
using System.Globalization;
using System.Text;
using Engine.Wire.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Engine.Host.Telemetry;

/// <summary>One JSON object a line: time, level, event, message, then the message's own values under their names.</summary>
internal sealed class JsonLineFormatter : ConsoleFormatter
{
    /// <summary>The name it is registered under.</summary>
    public const string FormatterName = "json-line";

    private const string MessageTemplate = "{OriginalFormat}";

    private readonly TimeProvider _time;

    public JsonLineFormatter(TimeProvider time)
        : base(FormatterName) => _time = time;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        using var line = new PooledBytes();
        var json = new JsonEmitter(line);
        json.ObjectStart();
        json.Text("time"u8, _time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        json.Text("level"u8, NameOf(logEntry.LogLevel));
        json.Text("event"u8, logEntry.EventId.Name ?? logEntry.EventId.Id.ToString(CultureInfo.InvariantCulture));
        json.Text("message"u8, logEntry.Formatter(logEntry.State, null));
        if (logEntry.State is IEnumerable<KeyValuePair<string, object?>> values)
        {
            foreach (var (name, value) in values)
            {
                WriteValue(json, name, value);
            }
        }

        if (logEntry.Exception is { } fault)
        {
            json.Text("exception"u8, fault.ToString());
        }

        json.ObjectEnd();
        line.Write("\n"u8);
        textWriter.Write(Encoding.UTF8.GetString(line.Span));
    }

    private static void WriteValue(JsonEmitter json, string name, object? value)
    {
        if (name == MessageTemplate || value is null or "")
        {
            return;
        }

        json.Name(EscapedText.FromContent(JsonStrings.Escape(name)));
        switch (value)
        {
            case bool yes:
                json.Boolean(yes);
                break;
            case int or long:
                json.Number(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.Number(number);
                break;
            default:
                json.Text(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
                break;
        }
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
