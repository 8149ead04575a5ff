using System.Text;
using Engine.Host.Recording;

namespace Engine.Host.Tests.Recording;

public class FixtureLibraryTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{}";

    [Fact]
    public async Task Recordings_are_found_at_any_depth_in_the_order_of_their_names()
    {
        using var folder = new TempFolder();
        folder.PutChat("b/c/two", """{"model":"m"}""", Ok);
        folder.PutChat("a", "null", Ok);
        var library = folder.Load();
        Assert.Empty(library.Faults);
        Assert.Equal(["a", "b/c/two"], library.Fixtures.Select(f => f.Name));
        Assert.Equal("m", library.Fixtures[1].Model);
        Assert.Equal("{}", Encoding.UTF8.GetString((await library.ReadBodyAsync(library.Fixtures[0], default))!.Value.Span));
    }

    [Fact]
    public void Broken_files_are_named_and_left_out_and_the_rest_loads()
    {
        using var folder = new TempFolder();
        folder.PutChat("good", "null", Ok);
        folder.PutChat("bad-head", "null", "hello");
        folder.PutChat("bad-sum", "null", Ok, """{"chunks":[1,2]}""");
        folder.Put("bad-json", "{", Ok);
        File.Delete(folder.PutChat("no-request", "null", Ok) + FixtureLibrary.RequestSuffix);
        File.Delete(folder.PutChat("no-response", "null", Ok) + FixtureLibrary.ResponseSuffix);

        var library = folder.Load();
        Assert.Equal(["good"], library.Fixtures.Select(f => f.Name));
        Assert.Equal(
            [
                "bad-head.response.http: no blank line (CRLF CRLF) ends the response head",
                "bad-json.response.http: the request is not JSON (line 1)",
                "bad-sum.response.http: the chunks add up to 3 bytes, the body has 2",
                "no-request.response.http: its .request.json is missing",
            ],
            library.Faults.Select(f => f.ToString()));
    }

    [Fact]
    public void A_missing_folder_is_a_fault_and_an_empty_library()
    {
        using var folder = new TempFolder();
        var library = FixtureLibrary.Load(Path.Combine(folder.Path, "none"));
        Assert.Empty(library.Fixtures);
        Assert.Equal("no such folder", Assert.Single(library.Faults).Problem);
    }

    [Fact]
    public async Task A_file_that_changed_against_its_meta_or_went_away_gives_no_body()
    {
        using var folder = new TempFolder();
        var changed = folder.PutChat("changed", "null", Ok, """{"chunks":[2]}""");
        var gone = folder.PutChat("gone", "null", Ok);
        var library = folder.Load();
        File.AppendAllText(changed + FixtureLibrary.ResponseSuffix, "more");
        File.Delete(gone + FixtureLibrary.ResponseSuffix);
        Assert.Null(await library.ReadBodyAsync(library.Fixtures[0], default));
        Assert.Null(await library.ReadBodyAsync(library.Fixtures[1], default));
    }

    [Fact]
    public void The_cache_forgets_the_least_recently_used_body_first()
    {
        var cache = new FixtureBodyCache(100);
        cache.Add("a", new byte[25]);
        cache.Add("b", new byte[25]);
        cache.Add("c", new byte[25]);
        cache.Add("d", new byte[25]);
        Assert.True(cache.TryGet("a", out _));
        cache.Add("e", new byte[25]);
        Assert.False(cache.TryGet("b", out _));
        Assert.True(cache.TryGet("a", out _));
        Assert.True(cache.TryGet("e", out _));
    }

    [Fact]
    public void The_cache_refuses_a_body_that_would_empty_it()
    {
        var cache = new FixtureBodyCache(100);
        cache.Add("big", new byte[26]);
        Assert.False(cache.TryGet("big", out _));
    }
}
