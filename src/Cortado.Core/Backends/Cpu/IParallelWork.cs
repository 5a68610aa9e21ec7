namespace Cortado.Backends.Cpu;

/// <summary>Work cut into independent parts. An operator implements it on itself, so that starting it allocates nothing.</summary>
internal interface IParallelWork
{
    /// <summary>Does part <paramref name="index"/>. Each part writes only what no other part writes, so results do not depend on who runs it.</summary>
    void Run(int index);
}
