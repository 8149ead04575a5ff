using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Engine.Host.Configuration;

/// <summary>A key or password. It prints as <c>***</c>, so that no log line, message or debugger shows it by accident.</summary>
[DebuggerDisplay("***")]
internal sealed class Secret(string value) : IEquatable<Secret>
{
    private readonly string _value = value;

    /// <summary>The plain text, for the one place that sends or compares it.</summary>
    public string Reveal() => _value;

    /// <summary>Takes the same time wherever the texts differ.</summary>
    public bool Equals(Secret? other) =>
        other is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(_value), Encoding.UTF8.GetBytes(other._value));

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => "***";
}
