using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Engine.Host.Accounts.Credentials;

/// <summary>Makes a rename in a folder survive a power cut. The framework opens no folders, so the system is asked directly.</summary>
internal static class FolderFlush
{
    private const int ReadOnly = 0;

    /// <exception cref="IOException">The folder cannot be opened or flushed.</exception>
    public static void Flush(string folder)
    {
        // Windows writes renames through by itself.
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = Open([.. Encoding.UTF8.GetBytes(folder), 0], ReadOnly);
        if (handle < 0)
        {
            throw Failure(folder);
        }

        var flushed = Synchronise(handle);
        var failure = flushed == 0 ? null : Failure(folder);
        _ = Close(handle);
        if (failure is not null)
        {
            throw failure;
        }
    }

    private static IOException Failure(string folder) =>
        new($"The folder {folder} cannot be flushed: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");

    [DllImport("libc", EntryPoint = "open", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Synchronise(int handle);

    [DllImport("libc", EntryPoint = "close"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int handle);
}
