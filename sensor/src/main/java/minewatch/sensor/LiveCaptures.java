package minewatch.sensor;

import java.io.IOException;
import minewatch.sensor.capture.FrameHandler;
import minewatch.sensor.capture.LiveCapture;
import minewatch.sensor.capture.LiveConfig;
import minewatch.sensor.capture.PcapLive;
import minewatch.sensor.capture.UnsupportedCaptureException;
import minewatch.sensor.capture.linux.RingGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens a network interface with what the settings ask for, once for each worker.
///
/// - **Thread:** any.
public final class LiveCaptures {
    private static final Logger LOG = LoggerFactory.getLogger(LiveCaptures.class);

    private final SensorConfig.Backend backend;
    private final LiveConfig config;
    private final RingGroup rings;

    public LiveCaptures(SensorConfig.Backend backend, LiveConfig config) {
        this.backend = backend;
        this.config = config;
        this.rings = new RingGroup(config);
    }

    public String networkInterface() {
        return config.networkInterface();
    }

    /// @throws IOException with cause and remedy in one line
    public LiveCapture open(FrameHandler handler) throws IOException {
        return switch (backend) {
            case AF_PACKET -> rings.open(handler);
            case PCAP -> PcapLive.open(config, handler);
            case AUTO -> {
                try {
                    yield rings.open(handler);
                } catch (UnsupportedCaptureException e) {
                    if (config.workers() > 1) { // each would get everything
                        throw e;
                    }
                    LOG.warn("{}; libpcap is taken, which is slower", e.getMessage());
                    yield PcapLive.open(config, handler);
                }
            }
        };
    }
}
