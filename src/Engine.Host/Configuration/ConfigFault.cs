using Engine.Host.Configuration.Hocon;

namespace Engine.Host.Configuration;

/// <summary>Something an operator must change before the configuration can be used. The message never holds a secret.</summary>
internal sealed record ConfigFault(string File, int Line, int Column, string Message)
{
    public static ConfigFault At(HoconOrigin origin, string message) => new(origin.File, origin.Line, origin.Column, message);

    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}
