using System.ComponentModel;
using System.Diagnostics;

namespace Engine.Host.Tests.Inflating.Zstandard;

/// <summary>The reference implementation, where the machine has it.</summary>
internal static class ZstandardCommand
{
    private static readonly Lazy<bool> Present = new(IsPresent);

    public static void SkipUnlessPresent() =>
        Assert.SkipUnless(Present.Value, "There is no zstd command here; the recorded vectors are tested instead.");

    public static byte[] Compress(byte[] text, string arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("zstd", $"-c -q {arguments}")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        using var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output);
        process.StandardInput.BaseStream.Write(text);
        process.StandardInput.Close();
        reading.GetAwaiter().GetResult();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.ToArray();
    }

    private static bool IsPresent()
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("zstd", "--version")
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
