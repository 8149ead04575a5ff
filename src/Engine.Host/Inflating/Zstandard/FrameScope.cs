using System.Runtime.InteropServices;

namespace Engine.Host.Inflating.Zstandard;

/// <summary>What the blocks of a frame need to know of it.</summary>
/// <param name="Start">Where the frame's output begins; a match must not reach further back.</param>
/// <param name="WindowSize">How far back a match may reach, in bytes.</param>
/// <param name="MaxBlockSize">Most bytes that a block may take or yield.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FrameScope(int Start, long WindowSize, int MaxBlockSize);
