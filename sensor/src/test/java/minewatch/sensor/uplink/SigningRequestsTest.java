package minewatch.sensor.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningRequestsTest {
    /// Read by somebody else's parser; names of every length class.
    @ParameterizedTest
    @ValueSource(ints = {1, 20, 62, 63})
    void requestNamesTheSensorAndIsSignedWithItsKey(int length) throws Exception {
        String sensor = "a".repeat(length);
        KeyPair keys = SigningRequests.newKeys();
        var read = new JcaPKCS10CertificationRequest(SigningRequests.of(sensor, keys));
        assertThat(read.getSubject()).hasToString("CN=" + sensor);
        assertThat(read.getPublicKey()).isEqualTo(keys.getPublic());
        var verifier = new JcaContentVerifierProviderBuilder().build(keys.getPublic());
        assertThat(read.isSignatureValid(verifier)).isTrue();
        assertThat(read.getAttributes()).isEmpty();
    }
}
