using Engine.Actors.Accounts;
using Engine.Actors.Credentials;
using Engine.Host.Accounts.Credentials;
using Engine.Host.Tests.Recording;

namespace Engine.Host.Tests.Accounts.Credentials;

public sealed class TokenFileTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
    private static readonly TokenPair Pair = new("access-1", "refresh-1", Start.AddTicks(1), Start);

    private readonly TempFolder _folder = new();
    private readonly List<string> _notices = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_pair_comes_back_as_it_was_stored()
    {
        await File("seed").WriteAsync(Pair);

        var read = await File("seed").ReadAsync(CancellationToken.None);

        Assert.Equal((Pair.AccessToken, Pair.RefreshToken, Pair.Until, Pair.Since, Pair.Fingerprint), (read!.AccessToken, read.RefreshToken, read.Until, read.Since, read.Fingerprint));
    }

    [Fact]
    public async Task A_pair_without_an_end_comes_back_without_one()
    {
        await File("seed").WriteAsync(new TokenPair("a", "r", null, Start));

        Assert.Null((await File("seed").ReadAsync(CancellationToken.None))!.Until);
    }

    [Fact]
    public async Task The_file_is_for_its_owner_alone_and_stands_alone()
    {
        var file = File("seed");
        await file.WriteAsync(Pair);
        await file.WriteAsync(new TokenPair("access-2", "refresh-2", null, Start));
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("there are no such modes");
            return;
        }

        Assert.Equal(Path.Combine(_folder.Path, "credentials", "u", "a.json"), file.Path);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(file.Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(Path.GetDirectoryName(file.Path)!));
        Assert.Equal([file.Path], Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Nothing_stored_is_nothing_read()
    {
        Assert.Null(await File("seed").ReadAsync(CancellationToken.None));
        Assert.Empty(_notices);
    }

    [Fact]
    public async Task A_pair_that_came_of_another_refresh_token_of_the_config_is_not_read()
    {
        await File("old seed").WriteAsync(Pair);

        Assert.Null(await File("new seed").ReadAsync(CancellationToken.None));
        Assert.Empty(_notices);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"seed":"seed","accessToken":"access-1","refreshTok""")]
    [InlineData("""{"seed":"seed","accessToken":"access-1","refreshToken":"","since":"2026-11-21T00:00:00Z"}""")]
    [InlineData("""{"seed":"seed","accessToken":"access-1","refreshToken":"r","since":"yesterday"}""")]
    [InlineData("""{"seed":"seed","accessToken":1,"refreshToken":"r","since":"2026-11-21T00:00:00Z"}""")]
    public async Task A_damaged_file_is_said_to_be_one_and_is_left_as_it_is(string text)
    {
        var file = File("seed");
        Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
        await System.IO.File.WriteAllTextAsync(file.Path, text);

        Assert.Null(await file.ReadAsync(CancellationToken.None));

        var notice = Assert.Single(_notices);
        Assert.Contains(file.Path, notice, StringComparison.Ordinal);
        Assert.Contains("damaged", notice, StringComparison.Ordinal);
        Assert.DoesNotContain("access-1", notice, StringComparison.Ordinal);
        Assert.Equal(text, await System.IO.File.ReadAllTextAsync(file.Path));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_leaves_the_former_pair()
    {
        var file = File("seed");
        await file.WriteAsync(Pair);
        Directory.CreateDirectory(file.Path + ".new");

        await Assert.ThrowsAnyAsync<Exception>(async () => await file.WriteAsync(new TokenPair("access-2", "refresh-2", null, Start)));

        Assert.Equal("access-1", (await file.ReadAsync(CancellationToken.None))!.AccessToken);
    }

    [Fact]
    public void Names_of_dots_stay_inside_the_folder()
    {
        var file = new TokenFile(_folder.Path, new AccountId("..", ".."), "seed", _notices.Add);

        Assert.StartsWith(Path.Combine(_folder.Path, "credentials") + Path.DirectorySeparatorChar, Path.GetFullPath(file.Path), StringComparison.Ordinal);
    }

    private TokenFile File(string seed) => new(_folder.Path, new AccountId("u", "a"), seed, _notices.Add);
}
