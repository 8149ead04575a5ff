using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Host.Tests.Configuration.Hocon;

/// <summary>A value as a model: what HOCON text should come to, without the reader's own types.</summary>
internal abstract record Tree
{
    private static readonly string[] OddTexts =
    [
        "", " ", "a b", " lead", "trail ", "true", "null", "12", "1e5x", "-", "a.b", "a:b", "//x", "x//y", "#x", "\"", "\"\"\"", "\\", "\\u0041",
        "${x}", "$", "include", "line\nbreak", "tab\t", "\u0001", "ü€😀", "\u00A0", "\uFEFF", "{}", "[]", "+=", "x/y-z_9", "1.2.3", "http://h:1/p?q=1&r#f",
    ];

    public static Gen<string> Texts { get; } = Gen.OneOf(
        Gen.Elements(OddTexts),
        Gen.Elements("abcxyz019.-_ /\\\"$#+=:{}[],\n\t\u00E9".ToCharArray()).ArrayOf().Select(characters => new string(characters)));

    /// <summary>Any value, its objects and lists nested no deeper than given.</summary>
    public static Gen<Tree> Any(int depth)
    {
        var leaves = Gen.OneOf(
            Texts.Select(Tree (text) => new Text(text)),
            Gen.Elements("true", "false", "null", "0", "-1", "12.50", "1e5", "-2.5E-3", "123456789012345678901234567890").Select(Tree (token) => new Token(token)));
        return depth == 0
            ? leaves
            : Gen.OneOf(leaves, Objects(depth), Any(depth - 1).ListOf().Select(Tree (items) => new Items([.. items.Take(4)])));
    }

    public static Gen<Tree> Objects(int depth) => Gen.OneOf(Texts, Gen.Elements("a", "b", "c"))
        .Zip(Any(Math.Max(depth - 1, 0)))
        .ListOf()
        .Select(Tree (pairs) => new Fields([.. pairs.DistinctBy(pair => pair.Item1).Take(5)]));

    /// <summary>What two values for one key come to.</summary>
    public static Tree Merge(Tree earlier, Tree later)
    {
        if (earlier is not Fields first || later is not Fields second)
        {
            return later;
        }

        var merged = first.Pairs.ToDictionary(pair => pair.Key, pair => pair.Value);
        foreach (var (key, value) in second.Pairs)
        {
            merged[key] = merged.TryGetValue(key, out var below) ? Merge(below, value) : value;
        }

        return new Fields([.. merged.Select(pair => (pair.Key, pair.Value))]);
    }

    public abstract string ToJson();

    internal sealed record Text(string Value) : Tree
    {
        public override string ToJson() => JsonSerializer.Serialize(Value);
    }

    /// <summary>A number, boolean or null.</summary>
    internal sealed record Token(string Value) : Tree
    {
        public override string ToJson() => Value;
    }

    internal sealed record Items(Tree[] Values) : Tree
    {
        public override string ToJson() => $"[{string.Join(',', Values.Select(value => value.ToJson()))}]";
    }

    internal sealed record Fields((string Key, Tree Value)[] Pairs) : Tree
    {
        public override string ToJson() => $"{{{string.Join(',', Pairs.Select(pair => $"{JsonSerializer.Serialize(pair.Key)}:{pair.Value.ToJson()}"))}}}";
    }
}
