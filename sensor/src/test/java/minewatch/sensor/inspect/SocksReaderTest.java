package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocksReaderTest {
    private static final String LOGIN = "{\"id\":1}\n";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "050100 05010001 0a580114 1e61 | 10.88.1.20 7777",
                "05020002 0104666172 6d03 616263 05010003 0c 706f6f6c2e6578616d706c65 0d05 |"
                        + " pool.example 3333",
                "050100 05010004 20010db8000000000000000000000001 0d05 | 2001:db8:0:0:0:0:0:1 3333",
                "0401 0d05 0a580114 7573657200 | 10.88.1.20 3333",
                "0401 0d05 00000001 00 706f6f6c2e6578616d706c6500 | pool.example 3333"
            })
    void targetIsWhatTheClientAsksFor(String hex, String target) {
        byte[] wire = hex(hex);
        Heard whole = new Heard().bytes(wire).bytes(LOGIN);
        assertThat(whole.tunnels).containsExactly("socks " + target);
        assertThat(whole.texts).containsExactly("{\"id\":1}");
        Heard slow = new Heard().oneByOne(wire).oneByOne(LOGIN.getBytes(StandardCharsets.US_ASCII));
        assertThat(slow.tunnels).containsExactly("socks " + target);
        assertThat(slow.texts).containsExactly("{\"id\":1}");
    }

    @ParameterizedTest
    @CsvSource({
        "050100 05020001 0a580114 1e61", // bind
        "050100 05010001 0a580114 0000", // no port
        "050100 05010003 03 612f62 0d05", // no host name
        "0402 0d05 0a580114 7573657200",
        "050100 0501ff01 0a580114 1e61"
    })
    void whatIsNoConnectIsNoTunnel(String hex) {
        Heard heard = new Heard().bytes(hex(hex)).bytes(LOGIN);
        assertThat(heard.tunnels).isEmpty();
        assertThat(heard.texts).containsExactly("{\"id\":1}");
    }

    @Test
    void proxysSideIsPassedOver() {
        Heard heard = new Heard().bytes(hex("0502")).bytes(hex("0100"));
        heard.bytes(hex("05000001 0a580114 d25e")).bytes(LOGIN);
        assertThat(heard.tunnels).isEmpty();
        assertThat(heard.texts).containsExactly("{\"id\":1}");
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
