package minewatch.sensor.inspect.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import minewatch.testkit.ThrowAwayCa;

class TlsFuzzTest {
    private static final byte[] CHIA =
            Handshake.certificateMessage(
                    ThrowAwayCa.ofName(Handshake.CHIA).server("chia.net").certificate());

    private final ClientHello client = new ClientHello();
    private final ServerHello server = new ServerHello();

    @FuzzTest(maxDuration = "10s")
    void anyBytesAreReadWithinBounds(FuzzedDataProvider data) {
        byte[] message = data.consumeBoolean() ? Hellos.chrome("example.com") : CHIA.clone();
        if (data.consumeBoolean()) {
            for (int i = data.consumeInt(0, 8); i > 0; i--) {
                message[data.consumeInt(0, message.length - 1)] = data.consumeByte();
            }
        } else {
            message = data.consumeRemainingAsBytes();
        }
        byte[] bytes = message;
        client.read(bytes, 0, bytes.length);
        assertThat(client.nameStart()).isBetween(0, client.nameEnd());
        assertThat(client.nameEnd()).isLessThanOrEqualTo(bytes.length);
        assertThat(client.ja4()).hasSize(36);
        server.read(bytes, 0, bytes.length);
        assertThat(server.ja4s()).hasSize(25);
        CertificateNames.read(
                bytes,
                0,
                bytes.length,
                (content, start, end) -> {
                    assertThat(start).isBetween(0, end);
                    assertThat(end).isLessThanOrEqualTo(content.length);
                });
        assertThat(CertificateNames.issuer(bytes, 0, bytes.length))
                .hasSizeLessThanOrEqualTo(CertificateNames.MAX_ISSUER)
                .matches("(/(O|CN|OU)=[ -.0-~]*)*");
    }
}
