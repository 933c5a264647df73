package minewatch.collector.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// Rows on their way into one table by `COPY … (FORMAT binary)`: no statement and no text a row.
/// Sent in portions, so that few of them are in memory.
///
/// Source: PostgreSQL's manual, COPY, "Binary Format", and the `…_send` functions of the types.
final class BinaryRows implements AutoCloseable {
    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    private static final int PORTION = 64 << 10; // bytes
    private static final long EPOCH_SECONDS = 946_684_800; // 2000-01-01
    private static final int EPOCH_DAYS = 10_957; // 2000-01-01
    private static final int INT8_OID = 20;

    private final CopyIn copy;
    private ByteBuffer bytes = ByteBuffer.allocate(2 * PORTION);

    /// @param table with its columns
    BinaryRows(Connection connection, String table) throws SQLException {
        copy =
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("COPY " + table + " FROM STDIN (FORMAT binary)");
        bytes.put(HEADER);
    }

    void row(int columns) throws SQLException {
        if (bytes.position() > PORTION) {
            send();
        }
        room(Short.BYTES).putShort((short) columns);
    }

    void int2(short value) {
        room(Integer.BYTES + Short.BYTES).putInt(Short.BYTES).putShort(value);
    }

    void int8(long value) {
        room(Integer.BYTES + Long.BYTES).putInt(Long.BYTES).putLong(value);
    }

    void float8(double value) {
        int8(Double.doubleToLongBits(value));
    }

    /// @param epochDay as [java.time.LocalDate#toEpochDay()]
    void date(long epochDay) {
        room(2 * Integer.BYTES).putInt(Integer.BYTES).putInt((int) (epochDay - EPOCH_DAYS));
    }

    /// A `timestamptz`, cut to microseconds.
    ///
    /// @param nanos since the Unix epoch
    void time(long nanos) {
        int8(Math.floorDiv(nanos, 1_000) - EPOCH_SECONDS * 1_000_000);
    }

    /// @param address 4 or 16 bytes
    void inet(byte[] address) {
        room(2 * Integer.BYTES + address.length)
                .putInt(4 + address.length)
                .put((byte) (address.length == 4 ? 2 : 3)) // PGSQL_AF_INET, PGSQL_AF_INET6
                .put((byte) (8 * address.length))
                .put((byte) 0) // no cidr
                .put((byte) address.length)
                .put(address);
    }

    void text(@Nullable String value) {
        if (value == null) {
            nothing();
        } else {
            bytea(value.getBytes(UTF_8));
        }
    }

    /// A `bigint[]`; null if it is empty.
    void int8s(long[] values) {
        if (values.length == 0) {
            nothing();
            return;
        }
        int length = 5 * Integer.BYTES + values.length * (Integer.BYTES + Long.BYTES);
        ByteBuffer to = room(Integer.BYTES + length);
        to.putInt(length).putInt(1).putInt(0).putInt(INT8_OID).putInt(values.length).putInt(1);
        for (long value : values) {
            to.putInt(Long.BYTES).putLong(value);
        }
    }

    void bytea(byte[] value) {
        room(Integer.BYTES + value.length).putInt(value.length).put(value);
    }

    private void nothing() {
        room(Integer.BYTES).putInt(-1);
    }

    private ByteBuffer room(int length) {
        if (bytes.remaining() < length) {
            bytes =
                    ByteBuffer.wrap(
                                    Arrays.copyOf(
                                            bytes.array(),
                                            Math.max(
                                                    2 * bytes.capacity(),
                                                    bytes.position() + length)))
                            .position(bytes.position());
        }
        return bytes;
    }

    private void send() throws SQLException {
        copy.writeToCopy(bytes.array(), 0, bytes.position());
        bytes.clear();
    }

    void finish() throws SQLException {
        room(Short.BYTES).putShort((short) -1);
        send();
        copy.endCopy();
    }

    /// Without [#finish()] before, nothing is stored.
    @Override
    public void close() throws SQLException {
        if (copy.isActive()) {
            copy.cancelCopy();
        }
    }
}
