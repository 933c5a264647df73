package minewatch.feed.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnrolmentTokenTest {
    private static final String TEXT =
            "mw1:tap-1.north:AAECAwQFBgcICQoLDA0ODw:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    @Test
    void tokenIsReadAsItWasWritten() {
        EnrolmentToken token = EnrolmentToken.parse(" " + TEXT + "\n");
        assertThat(token.sensor()).isEqualTo("tap-1.north");
        assertThat(token.secret().byteAt(15)).isEqualTo((byte) 15);
        assertThat(token.fingerprint().byteAt(31)).isEqualTo((byte) 31);
        assertThat(token.text()).isEqualTo(TEXT);
    }

    @Test
    void secretStaysOutOfLogs() {
        assertThat(EnrolmentToken.parse(TEXT)).hasToString("mw1:tap-1.north");
    }

    @Test
    void whatIsKeptIsNotTheSecret() {
        ByteString secret = EnrolmentToken.parse(TEXT).secret();
        assertThat(EnrolmentToken.hash(secret).size()).isEqualTo(32);
        assertThat(EnrolmentToken.hash(secret).toStringUtf8())
                .doesNotContain(secret.toStringUtf8());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mw1:tap-1",
                "mw2:tap-1:AAECAwQFBgcICQoLDA0ODw:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
                "mw1:Tap 1:AAECAwQFBgcICQoLDA0ODw:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
                "mw1:tap-1:AAECAwQFBgcICQoLDA0OD:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
                "mw1:tap-1:AAECAwQFBgcICQoLDA0ODw:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8x"
            })
    void textThatIsNoneIsRefusedAndNotRepeated(String text) {
        assertThatThrownBy(() -> EnrolmentToken.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("token: " + text.length() + " characters that are none")
                .hasMessageNotContaining("AAECAw");
    }
}
