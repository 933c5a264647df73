package minewatch.feed.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/// Any text is either refused, without being repeated, or a token that survives another round.
class EnrolmentTokenFuzzTest {
    private static final String SOUND =
            "mw1:tap-1:AAECAwQFBgcICQoLDA0ODw:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    @FuzzTest(maxDuration = "10s")
    void anyTextIsATokenOrRefused(FuzzedDataProvider data) {
        String text = data.consumeBoolean() ? spoiled(data) : data.consumeRemainingAsString();
        EnrolmentToken token;
        try {
            token = EnrolmentToken.parse(text);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("token: " + text.length() + " characters");
            return;
        }
        assertThat(token.secret().size()).isEqualTo(EnrolmentToken.SECRET_BYTES);
        assertThat(EnrolmentToken.parse(token.text())).isEqualTo(token);
    }

    private static String spoiled(FuzzedDataProvider data) {
        var text = new StringBuilder(SOUND);
        while (data.remainingBytes() > 4) {
            int at = data.consumeInt(0, text.length() - 1);
            text.replace(at, at + 1, data.consumeString(2));
            if (text.isEmpty()) {
                break;
            }
        }
        return text.toString();
    }
}
