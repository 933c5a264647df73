package minewatch.sensor.inspect;

import org.jspecify.annotations.Nullable;

/// The readers of one flow: those of each direction, and what they share. What is said in one
/// direction decides how the other is read: a rig's difficulty comes from the pool, its shares from
/// the farm.
///
/// - **Thread:** the worker's own.
final class Exchange {
    private final BufferBudget budget;
    private final boolean fromStart;
    private @Nullable Shared shared;

    /// What the readers of both directions have in common, made with the first of them.
    private record Shared(RigTable rigs, ChannelTable channels, NoiseSizes noise) {}

    /// @param fromStart whether the flow was seen from its first segment on
    Exchange(BufferBudget budget, boolean fromStart) {
        this.budget = budget;
        this.fromStart = fromStart;
    }

    /// Of one direction of a TCP connection. Of those that can read what is offered the first has
    /// it.
    StreamReader[] streamReaders(MessageFramer.Handler handler) {
        return new StreamReader[] {
            new JsonReader(handler), new LateReaders(() -> otherStreamReaders(handler))
        };
    }

    private StreamReader[] otherStreamReaders(MessageFramer.Handler handler) {
        Shared common = shared();
        WebSocketReader webSocket = new WebSocketReader(budget, handler);
        return new StreamReader[] {
            new HttpReader(budget, handler, webSocket),
            webSocket,
            new SocksReader(handler),
            new GzipReader(budget, handler),
            new FramedReader(
                    new BtcAgentFormat(handler, common.rigs),
                    new StratumV2Format(handler, common.channels),
                    new BitcoinFormat(handler),
                    new LevinFormat(handler),
                    new RlpxFormat(handler),
                    new P2PoolFormat(handler, fromStart),
                    new BlocksFormat(handler)),
            new NoiseReader(common.noise, handler, fromStart),
            new DuinoReader(handler)
        };
    }

    private Shared shared() {
        Shared made = shared;
        if (made == null) {
            made =
                    new Shared(
                            new RigTable(budget, fromStart),
                            new ChannelTable(budget),
                            new NoiseSizes());
            shared = made;
        }
        return made;
    }

    /// Of one direction of a UDP flow.
    StreamReader[] datagramReaders(MessageFramer.Handler handler) {
        return new StreamReader[] {new FramedReader(new DiscoveryFormat(handler))};
    }

    /// Whether what it began like it turned out not to be, and nothing else was said.
    boolean isRefuted() {
        return shared != null && shared.noise.isRefuted();
    }
}
