using Engine.Host.Configuration.Hocon;

namespace Engine.Host.Tests.Configuration.Hocon;

/// <summary>The specification's chapter on includes, with real files.</summary>
public sealed class HoconIncludeTests : IDisposable
{
    private readonly ConfigFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("include \"b.conf\"")]
    [InlineData("include\n\"b.conf\"")]
    [InlineData("include file(\"b.conf\")")]
    [InlineData("include file( \"b.conf\" )")]
    [InlineData("include required(\"b.conf\")")]
    [InlineData("include required(file(\"b.conf\"))")]
    [InlineData("include required( file( \"b.conf\" ) )")]
    [InlineData("{include \"b.conf\"}")]
    public void An_include_stands_for_the_fields_of_its_file(string include)
    {
        _folder.Write("b.conf", "x=1");

        Assert.Equal("""{"x":1}""", Load(include));
    }

    [Fact]
    public void Fields_around_an_include_merge_with_its_own_in_order()
    {
        _folder.Write("b.conf", "a={q=2,r=2}\nx=included");

        Assert.Equal(
            """{"a":{"p":1,"q":2,"r":3},"x":"included","y":"later"}""",
            Load("a={p=1,q=1}, x=earlier\ny=earlier, include \"b.conf\"\na.r=3\ny=later"));
    }

    [Fact]
    public void Substitutions_of_an_included_file_look_below_its_place_first_and_then_at_the_root()
    {
        _folder.Write("foo.conf", "x=10\ny=${x}\nz=${?rooted}\nlist=[0]\nlist+=1");

        Assert.Equal("""{"a":{"list":[0,1],"x":10,"y":10}}""", Load("{ a : { include \"foo.conf\" } }"));
        Assert.Equal("""{"a":{"list":[0,1],"x":42,"y":42}}""", Load("{ a : { include \"foo.conf\" }\n a : { x : 42 } }"));
        Assert.Equal(
            """{"a":{"b":{"list":[0,1],"x":10,"y":10,"z":"r"}},"rooted":"r","x":1}""",
            Load("x=1\nrooted=r\na.b { include \"foo.conf\" }"));
    }

    [Fact]
    public void Files_included_by_included_files_look_at_every_root_around_them()
    {
        _folder.Write("sub/one.conf", "m=one\nin { include \"two.conf\" }");
        _folder.Write("sub/two.conf", "a=${n}\nb=${m}\nc=${o}\nn=two");

        Assert.Equal(
            """{"m":"root","n":"root","o":"root","out":{"in":{"a":"two","b":"one","c":"root","n":"two"},"m":"one"}}""",
            Load("n=root\nm=root\no=root\nout { include \"sub/one.conf\" }"));
    }

    [Fact]
    public void Appending_in_an_included_file_does_not_reach_a_list_of_the_same_name_outside() =>
        Assert.Equal(
            """{"a":{"list":["x"]},"list":["root"]}""",
            Load("list=[root]\na { include \"b.conf\" }", ("b.conf", "list += x")));

    [Fact]
    public void A_missing_file_is_nothing_unless_it_is_required()
    {
        Assert.Equal("""{"a":1}""", Load("include \"none.conf\"\na=1\ninclude file(\"none/none.conf\")"));

        var result = HoconLoad.FromFile(_folder.Write("a.conf", "a=1\n include required(\"none.conf\")"), _ => null);
        var fault = Assert.Single(result.Faults);
        Assert.Equal((2, 2), (fault.Line, fault.Column));
        Assert.Contains("none.conf does not exist", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_file_looked_for_is_known_so_that_it_can_be_watched()
    {
        _folder.Write("b.conf", "x=1");
        var result = HoconLoad.FromFile(_folder.Write("a.conf", "include \"b.conf\"\ninclude \"none.conf\""), _ => null);

        Assert.Equal(
            [("a.conf", true), ("b.conf", true), ("none.conf", false)],
            result.Files.Select(file => (Path.GetFileName(file.FullPath), file.Print.Length > 0)));
    }

    [Fact]
    public void A_name_without_extension_means_every_format_there_is()
    {
        _folder.Write("b.json", """{"x":"json","y":"json"}""");
        _folder.Write("b.conf", "y=conf");

        Assert.Equal("""{"x":"json","y":"conf"}""", Load("include \"b\""));
    }

    [Fact]
    public void An_absolute_path_is_taken_as_it_is()
    {
        var absolute = _folder.Write("far/b.conf", "include \"c.conf\"");
        _folder.Write("far/c.conf", "x=1");

        Assert.Equal("""{"x":1}""", Load($"include \"{absolute.Replace('\\', '/')}\""));
    }

    [Theory]
    [InlineData("[1]", "holds a list")]
    [InlineData("include \"a.conf\"", "includes itself")]
    [InlineData("include \"./b.conf\"", "includes itself")]
    public void What_cannot_be_included_is_a_fault_at_the_statement(string included, string message)
    {
        _folder.Write("b.conf", included);
        var fault = Assert.Single(HoconLoad.FromFile(_folder.Write("a.conf", "include \"b.conf\""), _ => null).Faults);

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal(1, fault.Line);
    }

    [Fact]
    public void Includes_have_a_depth()
    {
        for (var i = 0; i < 50; i++)
        {
            _folder.Write($"{i}.conf", $"include \"{i + 1}.conf\"");
        }

        var fault = Assert.Single(HoconLoad.FromFile(Path.Combine(_folder.Path, "0.conf"), _ => null).Faults);
        Assert.Contains("more than 32", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_in_an_included_file_names_that_file()
    {
        _folder.Write("sub/b.conf", "x=1\ny=${none}\n");
        var fault = Assert.Single(HoconLoad.FromFile(_folder.Write("a.conf", "include \"sub/b.conf\""), _ => null).Faults);

        Assert.Equal((Path.Combine(_folder.Path, "sub/b.conf"), 2, 3), (fault.File, fault.Line, fault.Column));
    }

    [Fact]
    public void A_file_within_a_list_reads_the_environment_but_cannot_append()
    {
        _folder.Write("b.conf", "key=${?KEY}");
        Assert.Equal("""{"a":[{"key":"value","n":1}]}""", Load("a=[{n=1,include \"b.conf\"}]"));

        _folder.Write("b.conf", "key += 1");
        var fault = Assert.Single(HoconLoad.FromFile(_folder.Write("a.conf", "a=[{include \"b.conf\"}]"), _ => null).Faults);
        Assert.Contains("'+='", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_a_fault_at_their_place()
    {
        var path = _folder.Write("a.conf", "");
        File.WriteAllBytes(path, [.. "a=1\nb=\"ä"u8, 0xFF, .. "\""u8]);

        var fault = Assert.Single(HoconLoad.FromFile(path, _ => null).Faults);
        Assert.Equal((2, 5), (fault.Line, fault.Column));
        Assert.Contains("UTF-8", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_missing_a_folder_or_too_large_is_a_fault()
    {
        var large = _folder.Write("large.conf", new string(' ', HoconLimits.FileBytes + 1));

        Assert.Contains("no such file", Assert.Single(HoconLoad.FromFile(Path.Combine(_folder.Path, "no.conf"), _ => null).Faults).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Single(HoconLoad.FromFile(_folder.Path, _ => null).Faults).Message, StringComparison.Ordinal);
        Assert.Contains("4 MiB", Assert.Single(HoconLoad.FromFile(large, _ => null).Faults).Message, StringComparison.Ordinal);
    }

    private string Load(string text, params (string Name, string Text)[] others)
    {
        foreach (var (name, content) in others)
        {
            _folder.Write(name, content);
        }

        var result = HoconLoad.FromFile(_folder.Write("a.conf", text), name => name == "KEY" ? "value" : null);
        Assert.Empty(result.Faults);
        return Canonical.Of(result.Root!);
    }
}
