package minewatch.sensor;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import minewatch.sensor.capture.FrameHandler;
import minewatch.sensor.capture.LiveCapture;
import minewatch.sensor.capture.LiveConfig;
import minewatch.sensor.capture.PcapLive;
import minewatch.sensor.capture.UnsupportedCaptureException;
import minewatch.sensor.capture.linux.TapGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the network interfaces with what the settings ask for, once for each worker.
///
/// - **Thread:** any.
public final class LiveCaptures {
    private static final Logger LOG = LoggerFactory.getLogger(LiveCaptures.class);

    private final SensorConfig.Backend backend;
    private final List<LiveConfig> interfaces;
    private final TapGroup rings;

    /// @param interfaces how each is to be read; several only by the kernel's ring
    public LiveCaptures(SensorConfig.Backend backend, List<LiveConfig> interfaces) {
        this.backend = backend;
        this.interfaces = interfaces;
        this.rings = new TapGroup(interfaces);
    }

    /// What is watched, for people.
    public String names() {
        return interfaces.stream()
                .map(LiveConfig::networkInterface)
                .collect(Collectors.joining(" and "));
    }

    /// @throws IOException with cause and remedy in one line
    public LiveCapture open(FrameHandler handler) throws IOException {
        LiveConfig first = interfaces.getFirst();
        return switch (backend) {
            case AF_PACKET -> rings.open(handler);
            case PCAP -> PcapLive.open(first, handler);
            case AUTO -> {
                try {
                    yield rings.open(handler);
                } catch (UnsupportedCaptureException e) {
                    // each worker would get everything, and of one interface
                    if (first.workers() > 1 || interfaces.size() > 1) {
                        throw e;
                    }
                    LOG.warn("{}; libpcap is taken, which is slower", e.getMessage());
                    yield PcapLive.open(first, handler);
                }
            }
        };
    }
}
