using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Normalising;

/// <summary>
/// Makes media fit: real types, clean base64, text documents as text where documents are not taken; what the target cannot see
/// is refused and named, never lost in silence (wire/mapping.md §1.4-1.6, pitfall 97).
/// </summary>
internal static class MediaSources
{
    /// <summary>Checks and converts every medium, those in tool results too. Refused parts leave the tree.</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities target, string model, LossLedger losses) =>
        request.EditTurns(turn =>
        {
            var fitting = new Fitting(target.Media, model, turn.LossPath(), losses);
            return turn.EditContent(fitting.Edit);
        });

    private sealed class Fitting(MediaRules rules, string model, string path, LossLedger losses)
    {
        public Part? Edit(Part part) => part switch
        {
            ImagePart image => Image(image),
            DocumentPart document => Document(document),
            AudioPart audio => Audio(audio),
            VideoPart video => Video(video),
            _ => part,
        };

        private ImagePart? Image(ImagePart image)
        {
            if (rules.ImageTypes.Count == 0)
            {
                return Refuse<ImagePart>($"holds an image, and the model '{model}' takes text only");
            }

            switch (image.Source)
            {
                case MediaSource.Url when rules.ImageUrls:
                    return image;
                case MediaSource.Url url:
                    return RefuseAddress<ImagePart>("image", url);
                case MediaSource.Inline inline:
                    var clean = Clean(inline);
                    return clean is null ? Refuse<ImagePart>("holds an image that is not valid base64")
                        : !Takes(rules.ImageTypes, clean) ? RefuseType<ImagePart>("an image", clean.MimeType, rules.ImageTypes)
                        : ReferenceEquals(clean, inline) ? image : image with { Source = clean };
                default:
                    return Refuse<ImagePart>("refers to an image stored with another provider; send it as base64");
            }
        }

        private Part? Document(DocumentPart document)
        {
            switch (document.Source)
            {
                case MediaSource.PlainText text:
                    return Text(document, text);
                case MediaSource.Url when rules.PdfUrls:
                    return document;
                case MediaSource.Url url:
                    return RefuseAddress<Part>("document", url);
                case MediaSource.Inline inline when IsText(inline.MimeType) && MediaSniffer.Sniff(inline.Data) != "application/pdf":
                    return Base64Text.TryDecodeText(inline.Data, out var decoded)
                        ? Text(document, new MediaSource.PlainText(decoded, inline.MimeType))
                        : Refuse<Part>("holds a text document that is not base64 of UTF-8");
                case MediaSource.Inline inline:
                    var clean = Clean(inline);
                    return clean is null ? Refuse<Part>("holds a document that is not valid base64")
                        : clean.MimeType != "application/pdf" || !rules.Pdf ? RefuseType<Part>("a document", clean.MimeType, [])
                        : ReferenceEquals(clean, inline) ? document : document with { Source = clean };
                default:
                    return Refuse<Part>("refers to a document stored with another provider; send it as base64");
            }
        }

        private Part Text(DocumentPart document, MediaSource.PlainText text)
        {
            if (rules.TextDocuments)
            {
                return ReferenceEquals(document.Source, text) ? document : document with { Source = text };
            }

            losses.Add(path, LossRule.Emulated);
            var name = document.Name.IsEmpty ? "" : $" name=\"{document.Name.Decode().Replace("\"", "'", StringComparison.Ordinal)}\"";
            var body = document.Context.IsEmpty ? text.Text : SliceText.Joined([document.Context, text.Text], "\n");
            return new TextPart(SliceText.Wrapped($"<document{name}>", body, "</document>")) { CacheControl = document.CacheControl };
        }

        private AudioPart? Audio(AudioPart audio)
        {
            if (audio.Source is not MediaSource.Inline inline || Clean(inline) is not { } clean)
            {
                return Refuse<AudioPart>("holds sound that is not base64 in the request");
            }

            return !Takes(rules.AudioTypes, clean) ? RefuseType<AudioPart>("sound", clean.MimeType, rules.AudioTypes)
                : ReferenceEquals(clean, inline) ? audio : audio with { Source = clean };
        }

        private VideoPart? Video(VideoPart video) =>
            rules.Video ? video : Refuse<VideoPart>($"holds video, which the model '{model}' does not take");

        // The same instance when there is nothing to clean; null when the data is not base64.
        private static MediaSource.Inline? Clean(MediaSource.Inline inline)
        {
            if (!Base64Text.TryNormalise(inline.Data, out var data))
            {
                return null;
            }

            var type = MediaSniffer.Sniff(data) ?? Usual(inline.MimeType);
            return type == inline.MimeType && data.Content.Equals(inline.Data.Content) ? inline : new MediaSource.Inline(type, data);
        }

        private static string Usual(string type) => type.ToLowerInvariant() switch
        {
            "image/jpg" => "image/jpeg",
            "audio/mp3" => "audio/mpeg",
            "audio/x-wav" or "audio/wave" => "audio/wav",
            var other => other,
        };

        private static bool IsText(string type) =>
            type.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
            || type is "application/json" or "application/xml" or "application/yaml" or "application/x-yaml";

        // Addresses may carry credentials in their query.
        private static string Shown(MediaSource.Url url)
        {
            var address = url.Address.Decode();
            var end = address.AsSpan().IndexOfAny('?', '#');
            return end < 0 ? address : address[..end];
        }

        private static bool Takes(IReadOnlyList<string> types, MediaSource.Inline inline) =>
            types.Contains(inline.MimeType, StringComparer.Ordinal);

        private T? RefuseAddress<T>(string what, MediaSource.Url url)
            where T : Part =>
            Refuse<T>($"refers to the {what} '{Shown(url)}', which the upstream of '{model}' cannot fetch; send it as base64");

        private T? RefuseType<T>(string what, string type, IReadOnlyList<string> taken)
            where T : Part
        {
            var hint = taken.Count > 0 ? $"; it takes {string.Join(", ", taken)}" : "";
            return Refuse<T>($"holds {what} of type '{type}', which the model '{model}' does not take{hint}");
        }

        private T? Refuse<T>(string what)
            where T : Part
        {
            losses.Add(path, LossRule.Refused, $"'{path}' {what}.");
            return null;
        }
    }
}
