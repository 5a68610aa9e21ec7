namespace Cortado.Nets;

/// <summary>Is told of each layer as it is done: for timing, debug_info and the diagnosis.</summary>
public interface INetObserver
{
    /// <summary>Called after a layer's forward pass.</summary>
    void AfterForward(Net net, int layer);

    /// <summary>Called after a layer's backward pass.</summary>
    void AfterBackward(Net net, int layer);
}
