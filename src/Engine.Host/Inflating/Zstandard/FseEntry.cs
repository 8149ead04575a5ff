using System.Runtime.InteropServices;

namespace Engine.Host.Inflating.Zstandard;

/// <summary>
/// One state of an FSE table with the meaning of its symbol resolved. The value is <see cref="Base"/> plus <see cref="ExtraBits"/>
/// bits of the stream; the next state is <see cref="NextState"/> plus <see cref="StateBits"/> bits.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FseEntry(uint Base, ushort NextState, byte StateBits, byte ExtraBits);
