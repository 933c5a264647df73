package minewatch.sensor.capture;

/// What the first bytes of a file's content say.
enum CaptureFormat {
    PCAP,
    PCAPNG,
    NONE;

    /// Bytes that tell.
    static final int MAGIC_BYTES = 12;

    private static final int PCAPNG_ORDER = 8; // where the byte-order magic is

    /// @param buffer filled from the start of the content
    static CaptureFormat of(BlockBuffer buffer) {
        int at = buffer.position();
        if (buffer.held() < 4) {
            return NONE;
        }
        int magic = buffer.u32(at);
        if (PcapReader.isMagic(magic) || PcapReader.isMagic(Integer.reverseBytes(magic))) {
            return PCAP;
        }
        if (magic != PcapngReader.SECTION_HEADER || buffer.held() < MAGIC_BYTES) {
            return NONE;
        }
        int order = buffer.u32(at + (long) PCAPNG_ORDER);
        boolean known =
                order == PcapngReader.BYTE_ORDER_MAGIC
                        || Integer.reverseBytes(order) == PcapngReader.BYTE_ORDER_MAGIC;
        return known ? PCAPNG : NONE;
    }
}
