namespace Engine.Host.Configuration;

/// <summary>What <c>engine check</c> prints and returns.</summary>
/// <param name="Lines">One per fault: <c>file:line:column: message</c>.</param>
/// <param name="Notices">In the same form; no reason to fail.</param>
/// <param name="ExitCode">0 without faults, otherwise 1.</param>
internal sealed record ConfigCheck(IReadOnlyList<string> Lines, IReadOnlyList<string> Notices, int ExitCode)
{
    public static ConfigCheck Of(ConfigResult result) => new(
        [.. result.Faults.Select(fault => fault.ToString())],
        [.. result.Notices.Select(notice => notice.ToString())],
        result.Faults.Count == 0 ? 0 : 1);
}
