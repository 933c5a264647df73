package minewatch.sensor.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Vectors of the specification's own captures, seed 0 (github.com/corelight/community-id-spec).
class CommunityIdTest {
    @ParameterizedTest
    @CsvSource({
        "6, 128.232.110.120, 34855, 66.35.250.204, 80, 1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
        "17, 192.168.1.52, 54585, 8.8.8.8, 53, 1:d/FP5EW3wiY1vCndhwleRRKHowQ=",
        "6, 2001:470:e5bf:dead:4957:2174:e82c:4887, 63943, 2607:f8b0:400c:c03::1a, 25,"
                + " 1:/qFaeAR+gFe1KYjMzVDsMv+wgU4="
    })
    void idIsThatOfTheSpecificationInBothDirections(
            int protocol, String a, int aPort, String b, int bPort, String expected) {
        long[] first = words(a);
        long[] second = words(b);

        assertThat(id(protocol, first, aPort, second, bPort)).isEqualTo(expected);
        assertThat(id(protocol, second, bPort, first, aPort)).isEqualTo(expected);
    }

    private static String id(int protocol, long[] a, int aPort, long[] b, int bPort) {
        return CommunityId.of(protocol, a[0], a[1], aPort, b[0], b[1], bPort);
    }

    private static long[] words(String text) {
        byte[] bytes = InetAddress.ofLiteral(text).getAddress();
        ByteBuffer words = ByteBuffer.wrap(bytes);
        return bytes.length == 4
                ? new long[] {0, 0xFFFF_0000_0000L | Integer.toUnsignedLong(words.getInt())}
                : new long[] {words.getLong(), words.getLong()};
    }
}
