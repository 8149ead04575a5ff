namespace Engine.Actors.Accounts;

/// <summary>A stored event or state has a name or version that this program does not know: a newer one has written it.</summary>
public sealed class UnknownManifestException : Exception
{
    /// <summary>Names the manifest.</summary>
    public UnknownManifestException(string manifest)
        : base($"The journal holds '{manifest}', which this version does not know. It was written by a newer version: run that one, or restore the journal from before.")
    {
        Manifest = manifest;
    }

    /// <summary>What was found.</summary>
    public string Manifest { get; }
}
