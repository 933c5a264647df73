package minewatch.sensor.capture.linux;

import java.io.IOException;
import minewatch.sensor.capture.InterfaceLostException;
import minewatch.sensor.capture.UnsupportedCaptureException;

/// What a failure means to whoever runs the sensor, and what to do about it, in one line.
final class Remedies {
    private static final long MEBI = 1 << 20;

    private Remedies() {}

    static IOException cannotOpen(String networkInterface, RingSize size, SystemCallException e) {
        return switch (e.errno()) {
            case Errno.EPERM, Errno.EACCES ->
                    new IOException(
                            "cannot open AF_PACKET on "
                                    + networkInterface
                                    + ": "
                                    + Errno.name(e.errno())
                                    + "; grant CAP_NET_RAW (docs/how-to/install.md)",
                            e);
            case Errno.ENODEV, Errno.ENXIO ->
                    new IOException(
                            "cannot open "
                                    + networkInterface
                                    + ": no such interface; name one of `ip -brief link`",
                            e);
            case Errno.ENOMEM, Errno.ENOBUFS ->
                    new IOException(
                            "cannot open "
                                    + networkInterface
                                    + ": the kernel has no memory for a ring of "
                                    + size.bytes() / MEBI
                                    + " MiB; set capture.ring-bytes lower",
                            e);
            case Errno.EAFNOSUPPORT, Errno.EPROTONOSUPPORT, Errno.ENOPROTOOPT ->
                    unsupported(
                            networkInterface,
                            "the kernel has no packet ring (" + e.getMessage() + ")");
            default ->
                    new IOException(
                            "cannot open "
                                    + networkInterface
                                    + ": "
                                    + e.getMessage()
                                    + "; try capture.backend: pcap",
                            e);
        };
    }

    static UnsupportedCaptureException unsupported(String networkInterface, String cause) {
        return new UnsupportedCaptureException(
                "cannot open AF_PACKET on "
                        + networkInterface
                        + ": "
                        + cause
                        + "; set capture.backend: pcap");
    }

    /// @param wanted of all rings that are still to be made, bytes
    static IOException tooLarge(long wanted, long available) {
        return new IOException(
                "cannot make a ring of "
                        + wanted / MEBI
                        + " MiB: "
                        + available / MEBI
                        + " MiB of memory are available; set capture.ring-bytes to "
                        + Math.max(1, available / MEBI / 2)
                        + "MiB or less");
    }

    static IOException cannotRead(String networkInterface, String cause) {
        return new IOException(
                "cannot read "
                        + networkInterface
                        + " any more: "
                        + cause
                        + "; look at `ip -brief link show dev "
                        + networkInterface
                        + "`");
    }

    static InterfaceLostException down(String networkInterface) {
        return new InterfaceLostException(
                networkInterface
                        + " is down: nothing arrives until `ip link set dev "
                        + networkInterface
                        + " up`",
                false);
    }

    static InterfaceLostException gone(String networkInterface) {
        return new InterfaceLostException(
                networkInterface + " is gone: nothing arrives until `ip -brief link` has it again",
                true);
    }
}
