using System.Buffers;
using System.IO.Compression;
using System.Text;
using Engine.Host.Inflating;
using Engine.Host.Tests.Inflating.Zstandard;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Host.Tests.Inflating;

public class BodyInflaterTests
{
    private static readonly byte[] Text = SampleTexts.Json(5_000);

    public static TheoryData<string> FrameworkCodings => ["gzip", "br", "deflate"];

    public static TheoryData<string> Codings => ["gzip", "br", "deflate", "zstd"];

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData(" , ", false)]
    [InlineData("identity", false)]
    [InlineData("Identity, identity", false)]
    [InlineData("gzip", true)]
    [InlineData("identity,BR", true)]
    [InlineData("unheard-of", true)]
    public void Inflating_is_needed_for_anything_but_identity(string? header, bool expected) =>
        Assert.Equal(expected, BodyInflater.IsNeeded(header));

    [Theory]
    [MemberData(nameof(Codings))]
    public void A_body_comes_out_as_it_went_in_however_it_was_received(string coding)
    {
        byte[] body = Compressed(coding);
        foreach (int segment in (int[])[1, 2, 7, 1000, body.Length])
        {
            InflateResult result = BodyInflater.Inflate(coding, InSegments(body, segment), Inflated.Cap);
            using PooledBody? inflated = result.Body;

            Assert.Equal(Text, inflated?.Memory.ToArray());
        }
    }

    [Theory]
    [InlineData("GZIP")]
    [InlineData("x-gzip")]
    [InlineData("\tgzip ,, identity,")]
    public void Names_are_read_in_any_case_between_blanks_and_empty_elements(string header) =>
        Assert.Equal(Text, Inflated.Bytes(header, Compressors.Compress("gzip", Text)));

    [Fact]
    public void Layers_come_off_from_the_last_named_to_the_first()
    {
        byte[] body = Compressors.Compress("deflate", Compressors.Compress("br", Compressors.Compress("gzip", Text)));

        Assert.Equal(Text, Inflated.Bytes("gzip, br, deflate", body));
        Assert.Equal(InflateFailureKind.Corrupt, Inflated.Failure("deflate, br, gzip", body).Kind);
    }

    [Fact]
    public void Zstd_may_lie_under_another_layer()
    {
        byte[] body = Compressors.Compress("gzip", ZstandardVector.Named("json-100k-3").Read());

        Assert.True(SampleTexts.Json(100_000).AsSpan().SequenceEqual(Inflated.Bytes("zstd, gzip", body)));
    }

    [Fact]
    public void Any_bytes_survive_any_layers()
    {
        var layers = Gen.Elements("gzip", "br", "deflate", "identity").ListOf()
            .Where(static names => names.Count <= ContentEncoding.MaxLayers);
        var bodies = Gen.Choose(0, 255).Select(static value => (byte)value).ArrayOf().Where(static bytes => bytes.Length > 0);

        Check.QuickThrowOnFailure(Prop.ForAll(layers.Zip(bodies).ToArbitrary(), static pair =>
        {
            byte[] body = pair.Item1.Aggregate(pair.Item2, static (bytes, name) => Compressors.Compress(name, bytes));
            return Inflated.Bytes(string.Join(',', pair.Item1), body).AsSpan().SequenceEqual(pair.Item2);
        }));
    }

    [Fact]
    public void A_fourth_layer_is_unsupported_and_identity_does_not_count()
    {
        InflateFailure failure = Inflated.Failure("gzip, br, gzip, br", Text);

        Assert.Equal(415, failure.StatusCode);
        Assert.Contains("more than 3", failure.Message, StringComparison.Ordinal);
        Assert.NotEqual(415, Inflated.Failure("identity, gzip, br, identity, gzip", Text).StatusCode);
    }

    [Theory]
    [InlineData("compress", "'compress'")]
    [InlineData("gzip, dcb", "'dcb'")]
    [InlineData("gzip;q=1", "'gzip;q=1'")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'")]
    public void An_unknown_coding_is_named_with_those_that_are_known(string header, string quoted)
    {
        InflateFailure failure = Inflated.Failure(header, Text);

        Assert.Equal((InflateFailureKind.UnsupportedEncoding, 415), (failure.Kind, failure.StatusCode));
        Assert.Contains(quoted, failure.Message, StringComparison.Ordinal);
        Assert.Contains(BodyInflater.AcceptEncoding, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public void An_empty_body_stays_empty(string coding) => Assert.Empty(Inflated.Bytes(coding, []));

    [Fact]
    public void Identity_alone_copies_up_to_the_cap()
    {
        Assert.Equal(Text, Inflated.Bytes("identity", Text, cap: Text.Length));
        Assert.Equal((InflateFailureKind.TooLarge, 413), Kind(Inflated.Failure("identity", Text, cap: Text.Length - 1)));
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public void A_body_may_fill_its_cap_and_not_pass_it(string coding)
    {
        byte[] body = Compressed(coding);

        Assert.Equal(Text, Inflated.Bytes(coding, body, cap: Text.Length));
        Assert.Equal((InflateFailureKind.TooLarge, 413), Kind(Inflated.Failure(coding, body, cap: Text.Length - 1)));
        Assert.Equal((InflateFailureKind.TooLarge, 413), Kind(Inflated.Failure(coding, body, cap: 0)));
    }

    [Theory]
    [MemberData(nameof(FrameworkCodings))]
    public void A_bomb_stops_at_the_cap_of_any_layer(string coding)
    {
        byte[] bomb = Compressors.Compress(coding, new byte[32 << 20]);

        Assert.Equal(InflateFailureKind.TooLarge, Inflated.Failure(coding, bomb, cap: 1 << 20).Kind);
        Assert.Equal(InflateFailureKind.TooLarge, Inflated.Failure($"br, {coding}", bomb, cap: 1 << 20).Kind);
    }

    [Theory]
    [MemberData(nameof(FrameworkCodings))]
    public void Every_truncation_is_corrupt(string coding)
    {
        byte[] body = Compressors.Compress(coding, SampleTexts.Json(1_000));
        for (int length = 1; length < body.Length; length++)
        {
            Assert.Equal((InflateFailureKind.Corrupt, 400), Kind(Inflated.Failure(coding, body[..length])));
        }
    }

    [Theory]
    [MemberData(nameof(FrameworkCodings))]
    public void Every_changed_byte_ends_in_a_body_or_a_failure(string coding)
    {
        byte[] body = Compressors.Compress(coding, SampleTexts.Json(1_000));
        for (int at = 0; at < body.Length; at++)
        {
            foreach (byte change in (byte[])[0x01, 0x20, 0xFF])
            {
                body[at] ^= change;
                InflateResult result = BodyInflater.Inflate(coding, new ReadOnlySequence<byte>(body), maxInflatedBytes: 2_000);
                using PooledBody? inflated = result.Body;
                Assert.True(result.Succeeded ? inflated!.Memory.Length <= 2_000 : result.Failure.StatusCode is 400 or 413);
                body[at] ^= change;
            }
        }
    }

    [Fact]
    public void Deflate_is_read_with_and_without_a_zlib_header()
    {
        using var output = new MemoryStream();
        using (var bare = new DeflateStream(output, CompressionLevel.Optimal))
        {
            bare.Write(Text);
        }

        Assert.Equal(Text, Inflated.Bytes("deflate", output.ToArray()));
        Assert.Equal(Text, Inflated.Bytes("deflate", Compressors.Compress("deflate", Text)));
    }

    [Fact]
    public void A_zlib_header_that_asks_for_a_dictionary_is_corrupt() =>
        Assert.Equal(InflateFailureKind.Corrupt, Inflated.Failure("deflate", [0x78, 0xBB, 1, 2, 3, 4, 5, 6]).Kind);

    [Fact]
    public void Gzip_members_follow_each_other()
    {
        byte[] member = Compressors.Compress("gzip", Text);

        Assert.Equal([.. Text, .. Text], Inflated.Bytes("gzip", [.. member, .. member]));
    }

    [Fact]
    public void Bytes_behind_the_end_of_brotli_are_corrupt() =>
        Assert.Equal(InflateFailureKind.Corrupt, Inflated.Failure("br", [.. Compressors.Compress("br", Text), 0]).Kind);

    [Theory]
    [MemberData(nameof(Codings))]
    public void A_failure_says_which_coding_and_nothing_of_the_body(string coding)
    {
        InflateFailure failure = Inflated.Failure(coding, Encoding.ASCII.GetBytes("secret-secret-secret"));

        Assert.Equal(400, failure.StatusCode);
        Assert.Contains(coding, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    private static (InflateFailureKind Kind, int StatusCode) Kind(InflateFailure failure) => (failure.Kind, failure.StatusCode);

    /// <summary><see cref="Text"/> in that coding. Nothing here can write zstd, hence one frame of one raw block.</summary>
    private static byte[] Compressed(string coding) => coding == "zstd"
        ? new FrameBytes().Window(14).Raw(Text, isLast: true).ToArray()
        : Compressors.Compress(coding, Text);

    private static ReadOnlySequence<byte> InSegments(byte[] bytes, int size)
    {
        Segment? first = null;
        Segment? last = null;
        foreach (byte[] chunk in bytes.Chunk(size))
        {
            last = new Segment(chunk, last);
            first ??= last;
        }

        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, Segment? previous)
        {
            Memory = bytes;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
