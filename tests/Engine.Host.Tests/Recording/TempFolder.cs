using System.Text;
using Engine.Host.Recording;

namespace Engine.Host.Tests.Recording;

/// <summary>A folder that goes away with the test, and short ways to put recordings into it.</summary>
internal sealed class TempFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("engine-fixtures-").FullName;

    internal string Put(string name, string requestJson, string response)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path + FixtureLibrary.RequestSuffix, requestJson);
        File.WriteAllBytes(path + FixtureLibrary.ResponseSuffix, Encoding.UTF8.GetBytes(response));
        return path;
    }

    /// <summary>An OpenAI chat recording.</summary>
    internal string PutChat(string name, string body, string response, string meta = "{}") => Put(
        name, $$"""{"method":"POST","host":null,"path":"/v1/chat/completions","headers":{},"body":{{body}},"meta":{{meta}}}""", response);

    internal FixtureLibrary Load() => FixtureLibrary.Load(Path);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
