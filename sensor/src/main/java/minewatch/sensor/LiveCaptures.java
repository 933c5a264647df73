package minewatch.sensor;

import java.io.IOException;
import minewatch.sensor.capture.FrameHandler;
import minewatch.sensor.capture.LiveCapture;
import minewatch.sensor.capture.LiveConfig;
import minewatch.sensor.capture.PcapLive;
import minewatch.sensor.capture.UnsupportedCaptureException;
import minewatch.sensor.capture.linux.RingCapture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens a network interface with what the settings ask for.
public final class LiveCaptures {
    private static final Logger LOG = LoggerFactory.getLogger(LiveCaptures.class);

    private LiveCaptures() {}

    /// @throws IOException with cause and remedy in one line
    public static LiveCapture open(
            SensorConfig.Backend backend, LiveConfig config, FrameHandler handler)
            throws IOException {
        return switch (backend) {
            case AF_PACKET -> RingCapture.open(config, handler);
            case PCAP -> PcapLive.open(config, handler);
            case AUTO -> {
                try {
                    yield RingCapture.open(config, handler);
                } catch (UnsupportedCaptureException e) {
                    LOG.warn("{}: libpcap it is, which is slower", e.getMessage());
                    yield PcapLive.open(config, handler);
                }
            }
        };
    }
}
