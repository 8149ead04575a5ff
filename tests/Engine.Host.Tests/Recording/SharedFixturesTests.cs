using Engine.Host.Recording;
using Engine.Testing;

namespace Engine.Host.Tests.Recording;

/// <summary>Recorded traffic from outside the repository, where it is present.</summary>
public class SharedFixturesTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_recording_loads_and_its_body_is_the_file_s()
    {
        Assert.SkipWhen(SharedFixtures.Folder is null, SharedFixtures.Absent);
        var library = FixtureLibrary.Load(SharedFixtures.Folder!);
        Assert.Empty(library.Faults);
        Assert.Equal(File.ReadLines(Path.Combine(SharedFixtures.Folder!, "MANIFEST.csv")).Count() - 1, library.Fixtures.Count);
        foreach (var fixture in library.Fixtures)
        {
            var body = (await library.ReadBodyAsync(fixture, TestContext.Current.CancellationToken))!.Value;
            var file = await File.ReadAllBytesAsync(Path.Combine(SharedFixtures.Folder!, fixture.Name + FixtureLibrary.ResponseSuffix), TestContext.Current.CancellationToken);
            Assert.True(file.AsSpan().EndsWith(body.Span));
            Assert.Equal(body.Length, ReplayPlan.For(fixture, body.Span, ReplaySpeed.Max).Sizes.Sum());
        }

        output.WriteLine($"{library.Fixtures.Count} exchanges");
    }

    [Fact]
    public async Task Every_recorded_request_is_answered_by_a_recording_of_its_dialect_and_form()
    {
        Assert.SkipWhen(SharedFixtures.Folder is null, SharedFixtures.Absent);
        var library = FixtureLibrary.Load(SharedFixtures.Folder!);
        var upstream = new ReplayUpstream(library, ReplaySpeed.Max, new ManualTimeProvider());
        var answered = 0;
        foreach (var fixture in library.Fixtures.Where(f => !f.IsFailure && f.Facts.Known && f.Endpoint.Operation != FixtureOperation.Other))
        {
            var path = Path.Combine(SharedFixtures.Folder!, fixture.Name + FixtureLibrary.RequestSuffix);
            Assert.True(FixtureReader.TryReadRequest(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken), out var request, out _));
            if (ReplayMatcher.FormAsked(fixture.Endpoint, fixture.Facts) != fixture.Form)
            {
                continue;
            }

            await using var answer = await upstream.SendAsync(
                new ReplayRequest(request.Method, request.Target, request.Headers, request.Body), TestContext.Current.CancellationToken);
            var match = library.Fixtures.First(f => f.Name == answer.FixtureName);
            Assert.Equal((fixture.Endpoint.Dialect, fixture.Form), (match.Endpoint.Dialect, match.Form));
            Assert.True(ReplayMatcher.Score(match, fixture.Facts) >= ReplayMatcher.Score(fixture, fixture.Facts));
            answered++;
        }

        output.WriteLine($"{answered} requests answered");
        Assert.True(answered > library.Fixtures.Count / 2);
    }
}
