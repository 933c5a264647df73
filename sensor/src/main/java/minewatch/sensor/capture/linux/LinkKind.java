package minewatch.sensor.capture.linux;

import org.jspecify.annotations.Nullable;

/// How the frames of a device start.
enum LinkKind {
    ETHERNET(1),
    /// As Ethernet, and each frame is seen twice: as it goes out and as it comes in.
    LOOPBACK(1),
    /// No link header: IP at once.
    RAW_IP(101),
    WIFI(105),
    WIFI_RADIOTAP(127);

    private final int linkType; // LINKTYPE_

    LinkKind(int linkType) {
        this.linkType = linkType;
    }

    int linkType() {
        return linkType;
    }

    boolean isEthernet() {
        return linkType == 1;
    }

    boolean isLoopback() {
        return this == LOOPBACK;
    }

    /// @param hardwareType an ARPHRD_ number (linux/if_arp.h)
    /// @return null for devices whose frames come in a form of their own
    static @Nullable LinkKind of(int hardwareType) {
        return switch (hardwareType) {
            case 1 -> ETHERNET;
            case 772 -> LOOPBACK;
            case 519, 65534 -> RAW_IP; // ARPHRD_RAWIP; ARPHRD_NONE: tun, WireGuard
            case 801 -> WIFI;
            case 803 -> WIFI_RADIOTAP;
            default -> null;
        };
    }
}
