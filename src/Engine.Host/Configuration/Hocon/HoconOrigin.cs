namespace Engine.Host.Configuration.Hocon;

/// <summary>Where something stands in a file: line and column from 1, the column in UTF-16 units.</summary>
internal readonly record struct HoconOrigin(string File, int Line, int Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}
