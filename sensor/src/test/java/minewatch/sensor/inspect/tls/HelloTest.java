package minewatch.sensor.inspect.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import minewatch.testkit.ThrowAwayCa;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HelloTest {
    private final ClientHello client = new ClientHello();

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void fingerprintIsThatOfTheSpecification() {
        byte[] hello = Hellos.chrome("example.com");

        assertThat(client.read(hello, 0, hello.length)).isTrue();
        assertThat(client.ja4()).isEqualTo("t13d1516h2_8daaf6152771_e5627efa2ab1");
        assertThat(client.offersHttp2()).isTrue();
        assertThat(
                        new String(
                                hello,
                                client.nameStart(),
                                client.nameEnd() - client.nameStart(),
                                US_ASCII))
                .isEqualTo("example.com");
    }

    @Test
    void aBareHelloHasNeitherNameNorProtocol() {
        byte[] hello = Hellos.bare();

        assertThat(client.read(hello, 0, hello.length)).isTrue();
        assertThat(client.nameEnd()).isEqualTo(client.nameStart());
        assertThat(client.hasAlpn()).isFalse();
        assertThat(client.ja4()).startsWith("t13i030200_");
    }

    @Test
    void aHelloThatBreaksOffIsNoneUnlessItEndsBeforeItsExtensions() {
        byte[] hello = Hellos.chrome("example.com");
        List<Integer> read = new ArrayList<>();
        for (int length = 0; length < hello.length; length++) {
            if (client.read(hello, 0, length)) {
                read.add(length);
            }
        }
        assertThat(read).containsExactly(2 + 32 + 1 + 2 + 16 * 2 + 2); // none is needed
    }

    @Test
    void theServersFingerprintIsThatOfTheSpecification() {
        // t130200_1301_234ea6891581: key share, then supported versions
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(bytes(3, 3));
        out.writeBytes(new byte[32]);
        out.writeBytes(bytes(0, 0x13, 0x01, 0, 0, 12, 0, 0x33, 0, 2, 0, 0x1D, 0, 0x2B, 0, 2, 3, 4));
        byte[] hello = out.toByteArray();
        ServerHello server = new ServerHello();

        assertThat(server.read(hello, 0, hello.length)).isTrue();
        assertThat(server.ja4s()).isEqualTo("t130200_1301_234ea6891581");
    }

    @Test
    void namesOfACertificateAreFound() {
        ByteArrayOutputStream certificate = new ByteArrayOutputStream();
        certificate.writeBytes(bytes(0x06, 3, 0x55, 4, 3, 0x0C, 12));
        certificate.writeBytes("pool.example".getBytes(US_ASCII));
        certificate.writeBytes(
                bytes(0x06, 3, 0x55, 0x1D, 0x11, 1, 1, 0xFF, 4, 20, 0x30, 18, 0x82, 9));
        certificate.writeBytes("*.example".getBytes(US_ASCII));
        certificate.writeBytes(bytes(0x87, 4, 203, 0, 113, 7, 0x82, 1, 'x'));
        byte[] body = certificate.toByteArray();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(bytes(0, 0, body.length + 3, 0, 0, body.length));
        message.writeBytes(body);
        byte[] data = message.toByteArray();
        List<String> names = new ArrayList<>();

        CertificateNames.read(
                data,
                0,
                data.length,
                (bytes, start, end) ->
                        names.add(new String(Arrays.copyOfRange(bytes, start, end), US_ASCII)));

        assertThat(names).containsExactly("pool.example", "*.example", "x");
    }

    private static byte[] certifiedBy(String authority) {
        return Handshake.certificateMessage(
                ThrowAwayCa.ofName(authority).server("chia.net").certificate());
    }

    @ParameterizedTest
    @CsvSource({
        "'O=Chia,CN=Chia CA,OU=Organic Farming Division'," // as in Chia's own certificates
                + "/O=Chia/CN=Chia CA/OU=Organic Farming Division",
        "CN=Ann,/CN=Ann",
        "'CN=Ann,C=DE',''", // nothing is left out
        "'CN=Ann+O=Own',''", // two attributes in one set
        "CN=a/b,''",
        "CN=\u00e4,''"
    })
    void theIssuersNameIsToldAsAWholeOrNotAtAll(String name, String told) {
        byte[] message = certifiedBy(name);

        assertThat(CertificateNames.issuer(message, 0, message.length)).isEqualTo(told);
    }

    @Test
    void aLongIssuersNameIsNotTold() {
        byte[] message = certifiedBy("O=%1$s,CN=%1$s,OU=%1$s".formatted("a".repeat(60)));

        assertThat(CertificateNames.issuer(message, 0, message.length)).isEmpty();
    }

    @Test
    void theIssuerOfACertificateThatIsCutShortIsToldOnceItIsThere() {
        byte[] message = certifiedBy(Handshake.CHIA);
        Set<String> told = new LinkedHashSet<>();
        for (int length = 0; length <= message.length; length++) {
            told.add(CertificateNames.issuer(message, 0, length));
        }
        assertThat(told).containsExactly("", "/O=Chia/CN=Chia CA/OU=Organic Farming Division");
    }
}
