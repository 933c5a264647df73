package minewatch.sensor.inspect;

/// Messages of Bitcoin's peers and of the coins that descend from it.
///
/// ```
/// magic(4) command(12, ASCII, zeros after it) length(4, little-endian) checksum(4) payload
/// ```
///
/// The magic tells the network. One that is not known is taken too, if the rest fits and the header
/// is there in one piece.
///
/// Source: https://en.bitcoin.it/wiki/Protocol_documentation; the chain parameters of each coin's
/// own client.
final class BitcoinFormat implements FrameFormat {
    private static final int MAGIC = 4;
    private static final int COMMAND = 12;
    private static final int LENGTH_AT = MAGIC + COMMAND;
    private static final int HEADER = 24;
    private static final int MAX_LENGTH = 32 << 20;
    private static final int AGENT_AT = HEADER + 80; // in a version message
    private static final int MAX_AGENT = 128;
    private static final int CHECKSUM_OF_NOTHING = 0x5DF6E0E2; // SHA-256 twice of no bytes

    private final MessageFramer.Handler handler;

    BitcoinFormat(MessageFramer.Handler handler) {
        this.handler = handler;
    }

    /// @param magic the first four bytes of each message
    private record Network(int magic, String name) {}

    private static final Network[] NETWORKS = {
        new Network(0xF9BEB4D9, "btc"),
        new Network(0x0B110907, "btc-testnet3"),
        new Network(0x1C163F28, "btc-testnet4"),
        new Network(0x0A03CF40, "btc-signet"),
        new Network(0xFABFB5DA, "regtest"),
        new Network(0xE3E1F3E8, "bch"),
        new Network(0xFBC0B6DB, "ltc"),
        new Network(0xFDD2C8F1, "ltc-testnet"),
        new Network(0xC0C0C0C0, "doge"),
        new Network(0xFCC1B7DC, "doge-testnet"),
        new Network(0xBF0C6BBD, "dash"),
        new Network(0x24E92764, "zec"),
        new Network(0xE1476D44, "btg"),
        new Network(0xFAC3B6DA, "dgb"),
        new Network(0x5241564E, "rvn"),
        new Network(0xF9BEB4FE, "nmc"),
        new Network(0xF9BEB4D4, "grs")
    };

    /// @return name of the network; empty where the magic is not known
    static String network(int magic) {
        for (Network network : NETWORKS) {
            if (network.magic == magic) {
                return network.name;
            }
        }
        return "";
    }

    private static boolean mayBeMagic(byte[] data, int at, int to) {
        int bits = 8 * (MAGIC - (to - at));
        int first = 0;
        for (int i = at; i < to; i++) {
            first = first << 8 | Wire.u8(data, i);
        }
        for (Network network : NETWORKS) {
            if (network.magic >>> bits == first) {
                return true;
            }
        }
        return false;
    }

    @Override
    public long measure(byte[] data, int at, int to) {
        if (to - at < MAGIC) {
            return mayBeMagic(data, at, to) ? MORE : NONE;
        }
        boolean known = !network(Wire.i32Big(data, at)).isEmpty();
        if (to - at < HEADER) {
            return known && isCommandSoFar(data, at + MAGIC, Math.min(to, at + LENGTH_AT))
                    ? MORE
                    : NONE;
        }
        long length = Wire.u32Little(data, at + LENGTH_AT);
        return length <= MAX_LENGTH
                        && isCommandSoFar(data, at + MAGIC, at + LENGTH_AT)
                        && (length > 0 || Wire.i32Big(data, at + 20) == CHECKSUM_OF_NOTHING)
                ? (long) HEADER + length
                : NONE;
    }

    /// Letters and digits, a letter first, then zeros.
    private static boolean isCommandSoFar(byte[] data, int from, int to) {
        int at = from;
        while (at < to && (isLetter(data[at]) || (at > from && isDigit(data[at])))) {
            at++;
        }
        return (at > from || from == to) && Wire.isZero(data, at, to);
    }

    private static boolean isLetter(byte b) {
        return b >= 'a' && b <= 'z';
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    @Override
    public int needed(byte[] data, int at, long length) {
        return (int) Math.min(length, isVersion(data, at) ? AGENT_AT + 1 + MAX_AGENT : HEADER);
    }

    private static boolean isVersion(byte[] data, int at) {
        return Wire.i64Big(data, at + MAGIC) == 0x7665_7273_696F_6E00L; // "version\0"
    }

    @Override
    public void render(byte[] data, int at, int end, long timeNanos) {
        int command = at + MAGIC;
        int commandEnd = command;
        while (commandEnd < at + LENGTH_AT && data[commandEnd] != 0) {
            commandEnd++;
        }
        String network = network(Wire.i32Big(data, at));
        Rendering frame =
                new Rendering("bitcoin", network.isEmpty() ? "unknown-network" : "known-network")
                        .text("command", data, command, commandEnd)
                        .text("network", network)
                        .hex("magic", data, at, at + MAGIC)
                        .number("length", Wire.u32Little(data, at + LENGTH_AT));
        if (isVersion(data, at)) {
            addVersion(frame, data, at, end);
        }
        frame.deliver(handler, timeNanos);
    }

    private static void addVersion(Rendering frame, byte[] data, int at, int end) {
        if (end - at >= HEADER + 4) {
            frame.number("version", Wire.u32Little(data, at + HEADER));
        }
        if (end - at > AGENT_AT) {
            int length = Wire.u8(data, at + AGENT_AT);
            if (length <= MAX_AGENT && at + AGENT_AT + 1 + length <= end) {
                frame.text("agent", data, at + AGENT_AT + 1, at + AGENT_AT + 1 + length);
            }
        }
    }
}
