using Engine.Host.Configuration.Hocon;

namespace Engine.Host.Tests.Configuration.Hocon;

/// <summary>The specification's chapters on substitutions, self-reference and <c>+=</c>, case by case.</summary>
public sealed class HoconSubstitutionTests
{
    private static readonly (string Name, string Value)[] Environment =
        [("HOME", "/root"), ("EMPTY", ""), ("PORT", "8045"), ("LIST_0", "x"), ("LIST_1", "y"), ("LIST_3", "z"), ("path", "env")];

    public static TheoryData<string, string> Resolved => new()
    {
        // Substitutions
        { "a=1\nb=${a}", """{"a":1,"b":1}""" },
        { "b=${a}\na={x=[1,true]}", """{"a":{"x":[1,true]},"b":{"x":[1,true]}}""" },
        { "animal.favorite=cat\nkey : ${animal.favorite} is my favorite animal", """{"animal":{"favorite":"cat"},"key":"cat is my favorite animal"}""" },
        { "animal.favorite=cat\nkey : ${animal.favorite}\" is my favorite animal\"", """{"animal":{"favorite":"cat"},"key":"cat is my favorite animal"}""" },
        { "a=\"${b}\"", """{"a":"${b}"}""" },
        { "a=\"\"\"${b}\"\"\"", """{"a":"${b}"}""" },
        { "a=1\na=2\nb=${a}\na=3", """{"a":3,"b":3}""" },
        { "a={x=1}\nb=${a}\na={y=2}", """{"a":{"x":1,"y":2},"b":{"x":1,"y":2}}""" },
        { "a=[${b},${b}]\nb={c=1}", """{"a":[{"c":1},{"c":1}],"b":{"c":1}}""" },
        { "a=${ b . c }\n\"b \".\" c\"=1", """{"a":1,"b ":{" c":1}}""" },
        { "a=${\"x.y\".z}\n\"x.y\".z=1", """{"a":1,"x.y":{"z":1}}""" },
        { "n=1e5\na=${n}0\nb=${n}", """{"n":1e5,"a":"1e50","b":1e5}""" },
        { "n=null\nt=true\na=${n} ${t}", """{"n":null,"t":true,"a":"null true"}""" },
        { "x=a\ny=b\nz=[ ${x} ${y}, Hello ${x} ]", """{"x":"a","y":"b","z":["a b","Hello a"]}""" },
        { "a=null\nb=${a}", """{"a":null,"b":null}""" },

        // Undefined optional substitutions
        { "foo : ${?bar}", "{}" },
        { "foo : ${?bar}${?baz}", "{}" },
        { "foo : ${?bar} ${?baz}", "{}" },
        { "foo=1\nfoo : ${?bar}", """{"foo":1}""" },
        { "foo={a=1}\nfoo : ${?bar}\nfoo={b=2}", """{"foo":{"a":1,"b":2}}""" },
        { "a=[1,${?b},2]", """{"a":[1,2]}""" },
        { "a=${?b}x\nc=x${?b}\nd=x ${?b} y", """{"a":"x","c":"x","d":"x  y"}""" },
        { "a=${?b}[1]\nc={x=1}${?b}\nd=[1] ${?b} [2]", """{"a":[1],"c":{"x":1},"d":[1,2]}""" },
        { "a=${?b.c}\nb=1", """{"b":1}""" },

        // Concatenation with what substitutions stand for
        { "generic={size=6}\neast=${generic} {name=\"east\"}", """{"generic":{"size":6},"east":{"size":6,"name":"east"}}""" },
        { "a={x=1,y=1}\nb={y=2}\nc=${a} ${b}", """{"a":{"x":1,"y":1},"b":{"y":2},"c":{"x":1,"y":2}}""" },
        { "a=[1]\nb=[2]\nc=${a} ${b}${a} [3]", """{"a":[1],"b":[2],"c":[1,2,1,3]}""" },
        { "path=[/bin]\npath=${path} [/usr/bin]", """{"path":["/bin","/usr/bin"]}""" },

        // Environment
        { "a=${HOME}/x\nb=${?PORT}\nc=${EMPTY}", """{"a":"/root/x","b":"8045","c":""}""" },
        { "HOME=null\na=${?HOME}", """{"HOME":null,"a":null}""" },
        { "HOME=mine\na=${HOME}", """{"HOME":"mine","a":"mine"}""" },
        { "HOME=${HOME}/sub", """{"HOME":"/root/sub"}""" },
        { "a=${LIST[]}\nb=${?NONE[]}\nc=[w] ${?LIST[]}", """{"a":["x","y"],"c":["w","x","y"]}""" },
        { "a=${?x.HOME}", "{}" },

        // Self-referential substitutions
        { "path=\"a:b:c\"\npath=${path}\":d\"", """{"path":"a:b:c:d"}""" },
        { "foo={a=1}\nfoo=${foo}", """{"foo":{"a":1}}""" },
        { "foo=${?foo}", "{}" },
        { "foo=${does-not-exist}\nfoo=42", """{"foo":42}""" },
        { "foo=${foo}\nfoo=42", """{"foo":42}""" },
        { "foo={a={c=1}}\nfoo=${foo.a}\nfoo={a=2}", """{"foo":{"a":2,"c":1}}""" },
        { "bar={foo=42,baz=${bar.foo}}", """{"bar":{"foo":42,"baz":42}}""" },
        { "bar={foo=42,baz=${bar.foo}}\nbar={foo=43}", """{"bar":{"foo":43,"baz":43}}""" },
        { "bar={a=${foo.d},b=1}\nbar.b=3\nfoo={c=${bar.b},d=2}\nfoo.d=4", """{"bar":{"a":4,"b":3},"foo":{"c":3,"d":4}}""" },
        { "a=${?a}foo", """{"a":"foo"}""" },
        { "a=1\nb=2\na=${b}\nb=${a}", """{"a":1,"b":1}""" },
        { "a={x=1}\na=${a}{y=2}\na=${a}{z=3}", """{"a":{"x":1,"y":2,"z":3}}""" },
        { "a={b={c=1}}\na.b.c=${a.b.c}2", """{"a":{"b":{"c":"12"}}}""" },
        { "base={list=[1]}\nfoo=${base}\nfoo.list=${foo.list}[2]", """{"base":{"list":[1]},"foo":{"list":[1,2]}}""" },
        { "a=1\na=${a}${a}\na=${a}${a}", """{"a":"1111"}""" },
        { "a={v=1}\nb=${a}{w=${b.v}}", """{"a":{"v":1},"b":{"v":1,"w":1}}""" },
        { "p={q={r=1}}\ns=${p}{t=${p.q}}", """{"p":{"q":{"r":1}},"s":{"q":{"r":1},"t":{"r":1}}}""" },
        { "o={k=1}\ns=${o}{again=${o}}", """{"o":{"k":1},"s":{"k":1,"again":{"k":1}}}""" },

        // Cycles met by optional substitutions count as nothing
        { "a=${?b}\nb=${?c}\nc=${?a}", "{}" },
        { "a={b=${?a}}", """{"a":{}}""" },
        { "a=[${?a}]", """{"a":[]}""" },

        // The += separator
        { "a+=b", """{"a":["b"]}""" },
        { "a=[1]\na+=2\na += [3]", """{"a":[1,2,[3]]}""" },
        { "a.b+=1\na={b+=2}", """{"a":{"b":[1,2]}}""" },
        { "a=[1]\nb=[2]\na+=${b}", """{"a":[1,[2]],"b":[2]}""" },

        // Objects with numbers for keys where a list is wanted
        { "a={\"1\":b,\"0\":a,\"7\":c,x:y}\nb=${a}[d]\nc=[z]${a}", """{"a":{"1":"b","0":"a","7":"c","x":"y"},"b":["a","b","c","d"],"c":["z","a","b","c"]}""" },
    };

    public static TheoryData<string, string, string> Unresolved => new()
    {
        { "a=${b}", "1:3", "${b} stands for nothing" },
        { "a=1\nb=x ${ a.c }", "2:5", "${a.c} stands for nothing" },
        { "foo=${foo}", "1:5", "${foo} leads back to itself" },
        { "foo=${foo}\nfoo={a=1}", "1:5", "${foo} leads back to itself" },
        { "bar=${foo}\nfoo=${bar}", "2:5", "${bar} leads back to itself" },
        { "a=${b}\nb=${c}\nc=${a}", "3:3", "${a} leads back to itself" },
        { "a=\"x\"${b}\nb=\"y\"${a}", "2:6", "${a} leads back to itself" },
        { "a={b=${a}}", "1:6", "contain itself" },
        { "a=[${a}]", "1:4", "contain itself" },
        { "a={b=${c}}\nc={d=${a}}", "2:6", "contain itself" },
        { "a={b=${a}{x=1}}", "1:6", "contain itself" },
        { "a=[[1]${a}]", "1:4", "contain itself" },
        { "q=${p} ${p}\np={b=${q}}", "2:6", "contain itself" },
        { "a=1\na+=2", "2:1", "a simple value and a list cannot stand side by side" },
        { "a=[1] x", "1:7", "a list and a simple value cannot" },
        { "a={x=1} [1]", "1:3", "an object and a list cannot" },
        { "b={x=1}\na=s${b}", "2:3", "a simple value and an object cannot" },
        { "b=[1]\na=${b}\" \"${b}", "2:7", "a list and a simple value cannot" },
        { "n=null\na=${n}[1]", "2:3", "null and a list cannot" },
    };

    [Theory]
    [MemberData(nameof(Resolved))]
    public void A_substitution_stands_for_what_the_specification_says(string hocon, string json) =>
        Assert.Equal(Canonical.OfJson(json), Canonical.OfHocon(hocon, Environment));

    [Theory]
    [MemberData(nameof(Unresolved))]
    public void A_substitution_without_a_value_is_a_fault_at_its_place(string hocon, string place, string message)
    {
        var fault = HoconLoad.FromText(hocon, "test.conf", _ => null).Faults[0];

        Assert.Equal($"test.conf:{place}", $"{fault.File}:{fault.Line}:{fault.Column}");
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_is_told_once_and_all_are_told()
    {
        var result = HoconLoad.FromText("a=${x}\nb=${a}\nc=${a} ${y}\nd=${z}", "t", _ => null);

        Assert.Equal([1, 4], result.Faults.Select(fault => fault.Line));
        Assert.IsType<HoconBroken>(((HoconObject)result.Root!).Find("b")!.Value);
    }

    [Fact]
    public void Values_keep_the_place_where_they_were_written()
    {
        var root = (HoconObject)HoconLoad.FromText("a = 1\nb {\n  c = ${a}\n  d = ${?E} }\nb.f = [ x,\n y ${a} ]", "t", _ => "env").Root!;
        var b = (HoconObject)root.Find("b")!.Value;

        Assert.Equal("t:1:5", b.Find("c")!.Value.Origin.ToString());
        Assert.Equal("t:3:3", b.Find("c")!.Origin.ToString());
        Assert.Equal("t:4:7", b.Find("d")!.Value.Origin.ToString());
        Assert.Equal("t:5:1", b.Find("f")!.Origin.ToString());
        Assert.Equal("t:6:2", ((HoconList)b.Find("f")!.Value).Items[1].Origin.ToString());
    }

    [Fact]
    public void What_comes_from_the_environment_is_marked_through_concatenation()
    {
        var root = (HoconObject)HoconLoad.FromText("a=${X}\nb=x-${a}\nc=y", "t", _ => "env").Root!;

        Assert.Equal([true, true, false], root.Fields.Select(field => ((HoconScalar)field.Value).IsFromEnvironment));
    }

    [Fact]
    public void A_field_that_vanished_is_remembered_with_what_it_asked_for()
    {
        var root = (HoconObject)HoconLoad.FromText("a = 1\nkey = ${?FIRST}\nkey = ${?SECOND}${?third.part}", "t", _ => null).Root!;

        var vanished = Assert.Single(root.Vanished);
        Assert.Equal(("key", "t:3:1"), (vanished.Key, vanished.Origin.ToString()));
        Assert.Equal(["FIRST", "SECOND", "third.part"], vanished.Names);
    }

    [Fact]
    public void A_text_that_multiplies_itself_is_stopped()
    {
        var strings = string.Join('\n', Enumerable.Range(0, 60).Select(i => $"s{i}=${{s{i + 1}}}${{s{i + 1}}}")) + "\ns60=xxxxxxxx";
        var objects = string.Join('\n', Enumerable.Range(0, 60).Select(i => $"o{i}={{a=${{o{i + 1}}},b=${{o{i + 1}}}}}")) + "\no60={}";
        var chain = string.Join('\n', Enumerable.Range(0, 10_000).Select(i => $"c{i}=${{c{i + 1}}}")) + "\nc10000=1";
        var merges = string.Join('\n', Enumerable.Range(0, 60).Select(i => $"m{i}=${{m{i + 1}}}${{m{i + 1}}}")) + "\nm60={x=1}";

        Assert.Contains(HoconLoad.FromText(strings, "t", _ => null).Faults, fault => fault.Message.Contains("grows longer", StringComparison.Ordinal));
        Assert.Contains(HoconLoad.FromText(objects, "t", _ => null).Faults, fault => fault.Message.Contains("more than 50000 values", StringComparison.Ordinal));
        Assert.Contains(HoconLoad.FromText(chain, "t", _ => null).Faults, fault => fault.Message.Contains("times in a row", StringComparison.Ordinal));
        Assert.Empty(HoconLoad.FromText(merges, "t", _ => null).Faults);
    }

    [Fact]
    public void Many_appends_to_one_list_are_fine()
    {
        var root = (HoconObject)HoconLoad.FromText(string.Join('\n', Enumerable.Range(0, 400).Select(i => $"a += {i}")), "t", _ => null).Root!;

        Assert.Equal(400, ((HoconList)root.Find("a")!.Value).Items.Count);
    }
}
