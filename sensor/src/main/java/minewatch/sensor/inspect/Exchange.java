package minewatch.sensor.inspect;

/// The readers of one flow: those of each direction, and what they share. What is said in one
/// direction decides how the other is read: a rig's difficulty comes from the pool, its shares from
/// the farm.
///
/// - **Thread:** the worker's own.
final class Exchange {
    private final BufferBudget budget;
    private final boolean fromStart;
    private final RigTable rigs;
    private final ChannelTable channels;
    private final NoiseSizes noise = new NoiseSizes();

    /// @param fromStart whether the flow was seen from its first segment on
    Exchange(BufferBudget budget, boolean fromStart) {
        this.budget = budget;
        this.fromStart = fromStart;
        this.rigs = new RigTable(budget, fromStart);
        this.channels = new ChannelTable(budget);
    }

    /// Of one direction of a TCP connection. Of those that can read what is offered the first has
    /// it.
    StreamReader[] streamReaders(MessageFramer.Handler handler) {
        WebSocketReader webSocket = new WebSocketReader(budget, handler);
        return new StreamReader[] {
            new JsonReader(handler),
            new HttpReader(budget, handler, webSocket),
            webSocket,
            new SocksReader(handler),
            new GzipReader(budget, handler),
            new FramedReader(
                    new BtcAgentFormat(handler, rigs),
                    new StratumV2Format(handler, channels),
                    new BitcoinFormat(handler),
                    new LevinFormat(handler),
                    new RlpxFormat(handler),
                    new P2PoolFormat(handler, fromStart),
                    new BlocksFormat(handler)),
            new NoiseReader(noise, handler, fromStart),
            new DuinoReader(handler)
        };
    }

    /// Of one direction of a UDP flow.
    StreamReader[] datagramReaders(MessageFramer.Handler handler) {
        return new StreamReader[] {new FramedReader(new DiscoveryFormat(handler))};
    }

    /// Whether what it began like it turned out not to be, and nothing else was said.
    boolean isRefuted() {
        return noise.isRefuted();
    }
}
