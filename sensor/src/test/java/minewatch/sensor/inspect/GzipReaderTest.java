package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GzipReaderTest {
    private final Heard heard = new Heard();

    /// EIP-1571: in clear up to the reply that says so, then each message a member.
    private static byte[] switched() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(
                "{\"id\":0,\"method\":\"mining.hello\"}\n".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(Compressed.gzip("{\"id\":1}\n"));
        out.writeBytes(Compressed.gzip("{\"id\":2}\n{\"id\":3}\n"));
        out.writeBytes(new byte[] {'\n'});
        out.writeBytes(Compressed.gzip("{\"id\":4}"));
        return out.toByteArray();
    }

    @Test
    void streamMaySwitchToGzip() {
        assertThat(heard.bytes(switched()).texts)
                .containsExactly(
                        "{\"id\":0,\"method\":\"mining.hello\"}",
                        "{\"id\":1}",
                        "{\"id\":2}",
                        "{\"id\":3}",
                        "{\"id\":4}");
        assertThat(new Heard().oneByOne(switched()).texts).hasSize(5);
    }

    @Test
    void optionalPartsOfTheHeaderArePassedOver() {
        byte[] plain = Compressed.gzip("{\"id\":1}");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        plain[3] = 0x1F;
        out.write(plain, 0, 10);
        out.writeBytes(new byte[] {3, 0, 1, 2, 3}); // extra
        out.writeBytes(new byte[] {'n', 0, 'c', 0, 9, 9}); // name, comment, checksum
        out.write(plain, 10, plain.length - 10);
        assertThat(heard.bytes(out.toByteArray()).texts).containsExactly("{\"id\":1}");
    }

    @Test
    void afterAGapTheNextMemberIsRead() {
        byte[] first = Compressed.gzip("{\"id\":1,\"lost\":\"" + "x1y2z3".repeat(50) + "\"}");
        heard.bytes(Arrays.copyOf(first, 30)).gap();
        heard.bytes(Compressed.gzip("{\"id\":2}"));
        assertThat(heard.texts).containsExactly("{\"id\":2}");
    }

    @Test
    void memoryIsGivenBack() {
        heard.bytes(switched());
        assertThat(heard.budget.usedBytes()).isEqualTo(Inflation.MEMORY_BYTES);
        heard.framer.release();
        assertThat(heard.budget.usedBytes()).isZero();
    }

    @Test
    void withoutRoomNothingIsInflated() {
        BufferBudget small = new BufferBudget(1 << 10);
        MessageFramer framer = new MessageFramer(small, heard);
        byte[] member = Compressed.gzip("{\"id\":1}");
        framer.onBytes(member, 0, member.length, 0);
        assertThat(heard.texts).isEmpty();
        assertThat(small.refusals()).isEqualTo(1);
    }
}
