using Engine.Host.Configuration.Hocon;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Host.Tests.Configuration.Hocon;

/// <summary>What must hold for every configuration there can be.</summary>
public sealed class HoconLawTests
{
    private static readonly Gen<int> Seeds = Gen.Choose(0, int.MaxValue);

    [Fact]
    public void However_a_tree_is_written_it_is_read_the_same() => Holds(
        Tree.Objects(3).Zip(Seeds),
        sample => Means(TreeWriter.Write(sample.Item1, sample.Item2), sample.Item1));

    [Fact]
    public void JSON_is_HOCON() => Holds(Tree.Objects(3), tree => Means(tree.ToJson(), tree));

    [Fact]
    public void Values_of_one_key_merge_from_the_first_to_the_last_whichever_way_they_meet() => Holds(
        All(Tree.Any(2), Tree.Any(2), Tree.Any(2)).Zip(Seeds),
        sample =>
        {
            var ((a, b, c), seed) = sample;
            var writer = new TreeWriter(seed);
            var fields = new Tree.Fields([("k", Tree.Merge(Tree.Merge(a, b), c))]);
            var parts = $"x={writer.Value(a)}\ny={writer.Value(b)}\nz={writer.Value(c)}";
            Tree.Fields withParts = new([.. fields.Pairs, ("x", a), ("y", b), ("z", c)]);
            return Means($"k={writer.Value(a)}\nk={writer.Value(b)}\nk={writer.Value(c)}", fields)
                && Means($"{parts}\nk=${{x}}\nk=${{y}}\nk=${{z}}", withParts)
                && Means($"k=${{x}}\nk={writer.Value(b)}\nk=${{?none}}\nk=${{z}}\n{parts}", withParts);
        });

    [Fact]
    public void Concatenated_objects_merge_like_values_of_one_key() => Holds(
        All(Tree.Objects(2), Tree.Objects(2), Tree.Objects(2)).Zip(Seeds),
        sample =>
        {
            var ((a, b, c), seed) = sample;
            var writer = new TreeWriter(seed);
            var merged = Tree.Merge(Tree.Merge(a, b), c);
            return Means($"k={writer.Value(a)} {writer.Value(b)}{writer.Value(c)}", new Tree.Fields([("k", merged)]))
                && Means($"k={writer.Value(a)} ${{y}} {writer.Value(c)}\ny={writer.Value(b)}", new Tree.Fields([("k", merged), ("y", b)]));
        });

    [Fact]
    public void Merging_an_object_with_itself_changes_nothing() => Holds(
        Tree.Objects(3).Zip(Seeds),
        sample => Means($"k={new TreeWriter(sample.Item2).Value(sample.Item1)}\nk=${{k}}\nk=${{k}}${{k}}", new Tree.Fields([("k", sample.Item1)])));

    [Fact]
    public void Concatenated_lists_keep_every_element_in_order() => Holds(
        All(Tree.Any(1).ListOf(), Tree.Any(1).ListOf(), Seeds),
        sample =>
        {
            var writer = new TreeWriter(sample.C);
            Tree.Items first = new([.. sample.Item1]), second = new([.. sample.Item2]);
            var appended = string.Concat(second.Values.Select(item => $"\nk += {writer.Value(item)}"));
            var whole = new Tree.Fields([("k", new Tree.Items([.. first.Values, .. second.Values]))]);
            return Means($"k={writer.Value(first)} {writer.Value(second)}", whole)
                && Means($"k={writer.Value(first)}\nk=${{k}}{writer.Value(second)}", whole)
                && Means($"k={writer.Value(first)}{appended}", whole);
        });

    [Fact]
    public void Any_path_can_be_referred_to() => Holds(
        All(Tree.Texts.NonEmptyListOf().Where(path => path.Count < 20), Tree.Any(1), Seeds),
        sample =>
        {
            var writer = new TreeWriter(sample.C);
            var path = string.Join('.', sample.A.Select(writer.Key));
            var text = $"root.{path} = {writer.Value(sample.B)}\nleaf = ${{root.{path}}}";
            var root = sample.A.AsEnumerable().Reverse().Aggregate(sample.B, (value, key) => new Tree.Fields([(key, value)]));
            return Means(text, new Tree.Fields([("root", root), ("leaf", sample.B)]));
        });

    [Fact]
    public void Any_text_is_read_or_faulted_inside_of_it() => Holds(
        Gen.Elements("a", "b", "1", ".", "=", ":", "+=", "{", "}", "[", "]", ",", "\n", " ", "\"", "\"\"\"", "\\", "${", "${?", "$", "#", "//", "include ", "é", "\0")
            .ListOf().Select(string.Concat),
        text =>
        {
            var lines = text.Split('\n');
            var result = HoconLoad.FromText(text, "t", _ => null);
            return (result.Root is not null || result.Faults.Count > 0)
                && result.Faults.All(fault => fault.Line <= lines.Length && fault.Column <= lines[fault.Line - 1].Length + 1);
        });

    private static Gen<(TA A, TB B, TC C)> All<TA, TB, TC>(Gen<TA> a, Gen<TB> b, Gen<TC> c) =>
        a.Zip(b).Zip(c).Select(both => (both.Item1.Item1, both.Item1.Item2, both.Item2));

    private static void Holds<T>(Gen<T> samples, Func<T, bool> law) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(samples.ToArbitrary(), law));

    private static bool Means(string hocon, Tree tree)
    {
        var (read, meant) = (Canonical.OfHocon(hocon), Canonical.OfJson(tree.ToJson()));
        Assert.True(read == meant, $"{hocon}\n--- is read as\n{read}\n--- but means\n{meant}");
        return true;
    }
}
