package minewatch.sensor.decode;

/// LINKTYPE_ numbers that are decoded (draft-ietf-opsawg-pcaplinktype), and the DLT_RAW values of
/// some systems, which are found in files.
public final class LinkType {
    public static final int NULL = 0;
    public static final int ETHERNET = 1;
    public static final int PPP = 9;
    public static final int RAW_BSD = 12;
    public static final int RAW_OPENBSD = 14;
    public static final int PPP_HDLC = 50;
    public static final int RAW = 101;
    public static final int CISCO_HDLC = 104;
    public static final int WIFI = 105;
    public static final int LOOP = 108;
    public static final int LINUX_SLL = 113;
    public static final int WIFI_RADIOTAP = 127;
    public static final int PPI = 192;
    public static final int IPV4 = 228;
    public static final int IPV6 = 229;
    public static final int LINUX_SLL2 = 276;

    private LinkType() {}
}
