package minewatch.collector.accept;

import static minewatch.collector.accept.SigningRequestFixture.keys;
import static minewatch.collector.accept.SigningRequestFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.util.Arrays;
import minewatch.collector.accept.ForeignRequest.MalformedException;
import org.junit.jupiter.api.Test;

class ForeignRequestTest {
    private final KeyPair ec = keys("EC", 256);

    @Test
    void requestTellsNameAndKey() throws Exception {
        var read = ForeignRequest.parse(request("CN=tap-1", ec, ec, "SHA256withECDSA"));
        assertThat(read.sensor()).isEqualTo("tap-1");
        assertThat(read.publicKey().getEncoded()).isEqualTo(ec.getPublic().getEncoded());
    }

    @Test
    void keyOfAnotherIsRefused() {
        refused(
                request("CN=tap-1", ec, keys("EC", 256), "SHA256withECDSA"),
                "not signed with its own key");
    }

    @Test
    void otherKeysAreRefused() {
        KeyPair rsa = keys("RSA", 2048);
        refused(request("CN=tap-1", rsa, rsa, "SHA256withRSA"), "expected: EC on the curve P-256");
        KeyPair large = keys("EC", 384);
        refused(
                request("CN=tap-1", large, large, "SHA256withECDSA"),
                "expected: EC on the curve P-256");
    }

    @Test
    void requestWithoutOneNameIsRefused() {
        refused(request("O=tap-1", ec, ec, "SHA256withECDSA"), "no common name");
        refused(request("CN=tap-1,CN=tap-2", ec, ec, "SHA256withECDSA"), "no common name");
    }

    @Test
    void everyCutIsRefused() {
        byte[] whole = request("CN=tap-1", ec, ec, "SHA256withECDSA");
        for (int length = 0; length < whole.length; length++) {
            refused(Arrays.copyOf(whole, length), "signing request: ");
        }
    }

    /// A structure in a structure in a structure, as deep as it can be.
    @Test
    void deepNestingIsRefused() {
        byte[] deep = new byte[ForeignRequest.LONGEST];
        for (int i = 0; i + 1 < deep.length; i += 2) {
            deep[i] = 0x30;
            deep[i + 1] = (byte) 0x80; // of indefinite length
        }
        refused(deep, "not a PKCS 10 request");
    }

    @Test
    void longRequestIsRefusedUnread() {
        refused(new byte[ForeignRequest.LONGEST + 1], "expected: at most 8 KiB");
    }

    private static void refused(byte[] der, String why) {
        assertThatThrownBy(() -> ForeignRequest.parse(der))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(why);
    }
}
