package minewatch.sensor.inspect.endpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DnsReaderTest {
    private final List<String> told = new ArrayList<>();
    private final DnsReader reader = new DnsReader();

    private DnsReader.Result read(byte[] message) {
        return read(message, message.length);
    }

    private DnsReader.Result read(byte[] message, int length) {
        told.clear();
        return reader.read(
                message,
                0,
                length,
                new DnsReader.Handler() {
                    @Override
                    public void onName(byte[] name, int nameLength) {
                        told.add(new String(name, 0, nameLength, ISO_8859_1));
                    }

                    @Override
                    public void onAddress(long high, long low, long seconds) {
                        told.add("%x:%x %ds".formatted(high, low, seconds));
                    }
                });
    }

    @Test
    void aQuestionIsReadWithItsName() {
        assertThat(read(DnsMessages.question("btc.Pool.example", DnsMessages.A)))
                .isEqualTo(DnsReader.Result.QUESTION);
        assertThat(told).containsExactly("btc.Pool.example");
        assertThat(reader.asksLikeBrowser()).isFalse();
    }

    @Test
    void aQuestionForAServiceBindingIsABrowsers() {
        read(DnsMessages.question("btc.pool.example", DnsMessages.HTTPS));

        assertThat(reader.asksLikeBrowser()).isTrue();
    }

    @Test
    void anAnswerIsReadWithAliasesAndAddressesOfBothFamilies() {
        byte[] message =
                DnsMessages.answer("a.example", DnsMessages.A)
                        .record(DnsMessages.CNAME, 60, DnsMessages.encoded("edge.cdn.example"))
                        .address("203.0.113.7", 60)
                        .address("2001:db8::7", 3600)
                        .bytes();

        assertThat(read(message)).isEqualTo(DnsReader.Result.ANSWER);
        assertThat(told)
                .containsExactly(
                        "a.example",
                        "edge.cdn.example",
                        "0:ffffcb007107 60s",
                        "20010db800000000:7 3600s");
    }

    @Test
    void hintsOfAServiceBindingAreAddresses() {
        byte[] content = {
            0,
            1,
            0, // priority, target "."
            0,
            1,
            0,
            3,
            2,
            'h',
            '2', // alpn
            0,
            4,
            0,
            8,
            (byte) 203,
            0,
            113,
            7,
            (byte) 203,
            0,
            113,
            8 // ipv4hint
        };
        byte[] message =
                DnsMessages.resolverAnswer("a.example", DnsMessages.HTTPS)
                        .record(DnsMessages.HTTPS, 60, content)
                        .bytes();

        assertThat(read(message)).isEqualTo(DnsReader.Result.ANSWER_OF_RESOLVER);
        assertThat(told).containsExactly("a.example", "0:ffffcb007107 60s", "0:ffffcb007108 60s");
    }

    @Test
    void aBrokenMessageIsToldUpToTheBreak() {
        byte[] message =
                DnsMessages.answer("a.example", DnsMessages.A).address("203.0.113.7", 60).bytes();

        assertThat(read(message, message.length - 1)).isEqualTo(DnsReader.Result.MALFORMED);
        assertThat(told).containsExactly("a.example");
    }

    @Test
    void pointersThatLeadForwardsOrToThemselvesAreMalformed() {
        byte[] message = DnsMessages.question("a.example", DnsMessages.A);
        for (int target = 12; target < 40; target++) {
            ByteBuffer.wrap(message).putShort(12, (short) (0xC000 | target));
            assertThat(read(message)).isEqualTo(DnsReader.Result.MALFORMED);
        }
    }

    @Test
    void aDotInsideALabelIsMalformed() {
        byte[] message = DnsMessages.question("wwwXpool.example", DnsMessages.A);
        message[12 + 1 + 3] = '.';

        assertThat(read(message)).isEqualTo(DnsReader.Result.MALFORMED);
    }

    @Test
    void otherKindsOfMessagesAreNotRead() {
        byte[] message = DnsMessages.question("a.example", DnsMessages.A);
        message[2] = 0x28; // an update, RFC 2136

        assertThat(read(message)).isEqualTo(DnsReader.Result.OTHER);
        assertThat(told).isEmpty();
    }
}
