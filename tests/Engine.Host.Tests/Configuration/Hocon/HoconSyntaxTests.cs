using Engine.Host.Configuration.Hocon;

namespace Engine.Host.Tests.Configuration.Hocon;

/// <summary>The specification's chapters on syntax, rule by rule; the cases say what it says, mostly in its own examples.</summary>
public sealed class HoconSyntaxTests
{
    public static TheoryData<string, string> SameAsJson => new()
    {
        // Unchanged from JSON
        { """{"a":{"b":[1,2.5,-3e+7,true,false,null,"s"]}}""", """{"a":{"b":[1,2.5,-3e+7,true,false,null,"s"]}}""" },
        { """ "a" : "\"\\\/\b\f\n\r\tA😀" """, """{"a":"\"\\/\b\f\n\r\tA\uD83D\uDE00"}""" },
        { "[1,[2]]", "[1,[2]]" },
        { "\"a\"\n:\n1", """{"a":1}""" },

        // Comments
        { "a=1 // c\n# d\nb=2 #e\n//", """{"a":1,"b":2}""" },
        { """a="x//y#z" """, """{"a":"x//y#z"}""" },
        { "a=x//y", """{"a":"x"}""" },
        { "a=/usr/bin", """{"a":"/usr/bin"}""" },
        { "[1 # one\n2 // two\n]", "[1,2]" },
        { "a // c\n { b = 1 }", """{"a":{"b":1}}""" },

        // Omit root braces
        { "", "{}" },
        { "  \n # nothing \n", "{}" },
        { "a:1", """{"a":1}""" },
        { "\uFEFF\u00A0{a:1}\u2028", """{"a":1}""" },

        // Key-value separator
        { "a=1\nb:2\nc{d=3}\ne = {f:4}", """{"a":1,"b":2,"c":{"d":3},"e":{"f":4}}""" },
        { "\"foo\" {}", """{"foo":{}}""" },
        { "foo\n{\n}", """{"foo":{}}""" },
        { "a=\n\n1", """{"a":1}""" },

        // Commas
        { "[1,2,3,]", "[1,2,3]" },
        { "[1\n2\n3]", "[1,2,3]" },
        { "[\n1,\n2\n,\n3,\n]", "[1,2,3]" },
        { "{a:1,b:2,}", """{"a":1,"b":2}""" },
        { "{a:1\nb:2\n\n,c:3}", """{"a":1,"b":2,"c":3}""" },

        // Whitespace
        { "a\t=\u2003\u202F1\r\nb\u001C=\v2\f", """{"a":1,"b":2}""" },

        // Duplicate keys and object merging
        { """{"foo":{"a":42},"foo":{"b":43}}""", """{"foo":{"a":42,"b":43}}""" },
        { """{"foo":{"a":42},"foo":null,"foo":{"b":43}}""", """{"foo":{"b":43}}""" },
        { "a=1\na=2", """{"a":2}""" },
        { "a={x=1,n={p=1}}\na={x=2,n={q=2}}", """{"a":{"x":2,"n":{"p":1,"q":2}}}""" },
        { "a={x=1}\na=[1]", """{"a":[1]}""" },
        { "a=[1,2]\na=[3]", """{"a":[3]}""" },
        { "a=1\na={x=1}", """{"a":{"x":1}}""" },

        // Unquoted strings
        { "a=truefoo\nb=footrue\nc=10.0bar\nd=bar10.0", """{"a":"truefoo","b":"footrue","c":"10.0bar","d":"bar10.0"}""" },
        { "a=true\nb=false\nc=null\nd=1e5", """{"a":true,"b":false,"c":null,"d":1e5}""" },
        { "a=007\nb=1.2.3\nc=2026-11-21\nd=-\ne=-x\nf=1.", """{"a":"007","b":"1.2.3","c":"2026-11-21","d":"-","e":"-x","f":"1."}""" },
        { "a=x'y;z(1)<2>|~%_-.", """{"a":"x'y;z(1)<2>|~%_-."}""" },
        { "a=True\nb=NULL", """{"a":"True","b":"NULL"}""" },
        { "a=\u0001\u007F", """{"a":"\u0001\u007F"}""" },

        // Multi-line strings
        { "a=\"\"\"x\n  y \\n \"q\" \\u0041\"\"\"", """{"a":"x\n  y \\n \"q\" \\u0041"}""" },
        { "a=\"\"\"foo\"\"\"\"", """{"a":"foo\""}""" },
        { "a=\"\"\"\"foo\"\"\"\"\"", """{"a":"\"foo\"\""}""" },
        { "a=\"\"\"\"\"\"", """{"a":""}""" },
        { "a=\"\"", """{"a":""}""" },

        // String value concatenation
        { "a= foo bar baz ", """{"a":"foo bar baz"}""" },
        { "a=foo   bar", """{"a":"foo   bar"}""" },
        { "a=foo \" \" bar", """{"a":"foo   bar"}""" },
        { "a=true foo\nb=null x\nc=1 2\nd=1e5 x", """{"a":"true foo","b":"null x","c":"1 2","d":"1e5 x"}""" },
        { "a=\"x\"\"y\"z", """{"a":"xyz"}""" },
        { "a=x # c\nb=y // d", """{"a":"x","b":"y"}""" },
        { "[ This is an unquoted string, 1 2 3 4 ]", """["This is an unquoted string","1 2 3 4"]""" },

        // Array and object concatenation
        { "a:{b:1,c:2}", """{"a":{"b":1,"c":2}}""" },
        { "a:{b:1}{c:2}", """{"a":{"b":1,"c":2}}""" },
        { "a:{b:1} {b:2,\nc:2}", """{"a":{"b":2,"c":2}}""" },
        { "a:[1,2][3,4]", """{"a":[1,2,3,4]}""" },
        { "a:[1,2] [\n3\n4] []", """{"a":[1,2,3,4]}""" },
        { "a=[[1,2] [3,4]]", """{"a":[[1,2,3,4]]}""" },
        { "a=[[1,2]\n[3,4]]", """{"a":[[1,2],[3,4]]}""" },
        { "[ 1 2 3 4 ]", """["1 2 3 4"]""" },
        { "[ 1\n 2\n 3\n 4 ]", "[1,2,3,4]" },

        // Path expressions and paths as keys
        { "foo.bar:42", """{"foo":{"bar":42}}""" },
        { "foo.bar.baz:42", """{"foo":{"bar":{"baz":42}}}""" },
        { "a.x:42,a.y:43", """{"a":{"x":42,"y":43}}""" },
        { "a b c:42", """{"a b c":42}""" },
        { "true:42\n3:42\n3.14:42", """{"true":42,"3":{"14":42}}""" },
        { "10.0foo:1\nfoo10.0:2\nfoo\"10.0\":3\n1.2.3:4", """{"10":{"0foo":1},"foo10":{"0":2},"foo10.0":3,"1":{"2":{"3":4}}}""" },
        { "foo.bar.\"hello.world\":1", """{"foo":{"bar":{"hello.world":1}}}""" },
        { "a.\"\".b:1\n\"\":2", """{"a":{"":{"b":1}},"":2}""" },
        { "\"a.b\".c{d.e=1}", """{"a.b":{"c":{"d":{"e":1}}}}""" },
        { "foo include:42\nbar:include\nbaz:[include]", """{"foo include":42,"bar":"include","baz":["include"]}""" },
        { "\"include\":42\nincludes:1\ninclude.x:2", """{"include":{"x":2},"includes":1}""" },
    };

    public static TheoryData<string, string, string> Faulty => new()
    {
        // Commas
        { "[1,2,3,,]", "1:8", "there is nothing before this comma" },
        { "[,1,2,3]", "1:2", "there is nothing before this comma" },
        { "[1,,2,3]", "1:4", "there is nothing before this comma" },
        { "{a:1,,b:2}", "1:6", "there is nothing before this comma" },
        { ",a:1", "1:1", "there is nothing before this comma" },
        { "{a {} b=1}", "1:8", "'=' inside a value must be inside quotes" },
        { "{a=[1] ,b=${} c=1}", "1:11", "a path is missing" },

        // Braces
        { "a:1}", "1:4", "'}' closes nothing" },
        { "a:1\n]", "2:1", "']' closes nothing" },
        { "{a:1", "1:1", "'{' is never closed" },
        { "a = [1\n2", "1:5", "'[' is never closed" },
        { "a = [1}", "1:7", "'}' does not close the '[' of line 1" },
        { "{a:1} b", "1:7", "outermost bracket is closed" },

        // Keys
        { "a..b=1", "1:1", "empty element" },
        { ".a=1", "1:1", "empty element" },
        { "a.=1", "1:1", "may not end with a dot" },
        { "${a}=1", "1:1", "a substitution cannot stand in a key" },
        { "a={=1}", "1:4", "a key is expected here, not '='" },
        { "a\nb=1", "1:1", "the key a needs '=', ':' or '{'" },
        { "a b\n", "1:1", "the key \"a b\" needs" },

        // Values
        { "a=\nb=1", "2:2", "'=' inside a value must be inside quotes" },
        { "a={b:}", "1:6", "a value is expected here, not '}'" },
        { "a=http://x", "1:7", "':' inside a value must be inside quotes" },
        { "a=x*y", "1:4", "'*' must be inside quotes" },
        { "a=b\\c", "1:4", "'\\' must be inside quotes" },
        { "a=1+2", "1:4", "'+' must be inside quotes" },
        { "a=$x", "1:3", "'$' must be inside quotes, or begin a substitution" },
        { "a=?", "1:3", "'?' must be inside quotes" },

        // Strings
        { "a=\"x\nb=1", "1:5", "not closed by '\"' on its line" },
        { "a=\"\\x\"", "1:4", "an escape in a quoted string is one of" },
        { "a=\"\\u12G4\"", "1:4", "four hexadecimal digits" },
        { "a=\"x\ty\"", "1:5", "a control character" },
        { "a=\n \"\"\"x\ny", "2:2", "never closed" },

        // Substitutions
        { "a=${b", "1:3", "not closed by '}'" },
        { "a=${b\n}", "1:3", "not closed by '}'" },
        { "a=${ ?b}", "1:6", "'?' in a substitution's path" },
        { "a=${${b}}", "1:5", "'$' in a substitution's path" },
        { "a=${}", "1:3", "a path is missing" },
        { "a=${b..c}", "1:3", "empty element" },

        // Includes
        { "include foo", "1:1", "'include' must be followed by a quoted file name" },
        { "include = 1", "1:1", "'include' must be followed by a quoted file name" },
        { "include ${x}", "1:1", "'include' must be followed by a quoted file name" },
        { "include url(\"x\")", "1:1", "only files can be included" },
        { "include classpath(\"x\")", "1:1", "only files can be included" },
        { "include \"http://x/y\"", "1:1", "only files can be included" },
        { "include \"\"", "1:1", "only files can be included" },
        { "include \"\\u0000\"", "1:1", "only files can be included" },
        { "include file(\"x\"", "1:1", "'file(' must be closed" },
        { "include required(file(\"x\")", "1:1", "'required(file(' must be closed" },
        { "a=[{b+=1}]", "1:5", "'+=' cannot be used inside a list" },
    };

    [Theory]
    [MemberData(nameof(SameAsJson))]
    public void A_text_means_what_the_specification_says(string hocon, string json) =>
        Assert.Equal(Canonical.OfJson(json), Canonical.OfHocon(hocon));

    [Theory]
    [MemberData(nameof(Faulty))]
    public void What_is_not_HOCON_is_a_fault_at_its_place(string hocon, string place, string message)
    {
        var result = HoconLoad.FromText(hocon, "test.conf", _ => null);

        var fault = result.Faults[0];
        Assert.Equal($"test.conf:{place}", $"{fault.File}:{fault.Line}:{fault.Column}");
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Null(result.Root);
    }

    [Fact]
    public void One_run_finds_the_faults_of_all_fields()
    {
        const string text = """
            a = http://x
            b = 1
            c { d = x*y, e = 2
                f = "open
                g = [1, ${}, 3
                     4 ]
            }
            h..i = 1
            """;

        var result = HoconLoad.FromText(text, "t", _ => null);

        Assert.Equal([(1, 9), (3, 10), (4, 14), (5, 13), (8, 1)], result.Faults.Select(fault => (fault.Line, fault.Column)));
    }

    [Fact]
    public void Nesting_has_a_limit()
    {
        var result = HoconLoad.FromText("a=" + new string('[', 100_000), "t", _ => null);

        Assert.Contains(result.Faults, fault => fault.Message.Contains("nested deeper than 64", StringComparison.Ordinal));
    }
}
