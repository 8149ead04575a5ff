using System.Security.Cryptography;

namespace Engine.Host.Configuration.Hocon;

/// <summary>A file a configuration depends on, as it was when it was read: what it held, or that it was not there.</summary>
/// <param name="FullPath">Absolute.</param>
/// <param name="Print">A hash of the content; empty when there was no file or it could not be read.</param>
internal sealed record HoconFile(string FullPath, string Print)
{
    /// <summary>Reads a file whole; null content when there is none. Throws what file access throws, but for a missing file.</summary>
    public static (HoconFile File, byte[]? Content) Read(string fullPath)
    {
        try
        {
            using var stream = new FileStream(fullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            var content = ReadUpToLimit(stream);
            return (new HoconFile(fullPath, Convert.ToHexString(SHA256.HashData(content))), content);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return (new HoconFile(fullPath, ""), null);
        }
    }

    /// <summary>The file as it is now. One that cannot be read counts as gone.</summary>
    public HoconFile Now()
    {
        try
        {
            return Read(FullPath).File;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new HoconFile(FullPath, "");
        }
    }

    // One byte more than allowed, to see that there is more; a device or pipe has no length to ask for.
    private static byte[] ReadUpToLimit(FileStream stream)
    {
        var content = new byte[16 * 1024];
        var length = 0;
        while (length <= HoconLimits.FileBytes)
        {
            if (length == content.Length)
            {
                Array.Resize(ref content, Math.Min(content.Length * 2, HoconLimits.FileBytes + 1));
            }

            var read = stream.Read(content, length, content.Length - length);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return content[..length];
    }
}
