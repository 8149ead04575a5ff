using Engine.Host.Configuration.Hocon;

namespace Engine.Host.Configuration;

/// <summary>Something an operator should know about a usable configuration, worth one log line. The message never holds a secret.</summary>
internal sealed record ConfigNotice(string File, int Line, int Column, string Message)
{
    public static ConfigNotice At(HoconOrigin origin, string message) => new(origin.File, origin.Line, origin.Column, message);

    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}
