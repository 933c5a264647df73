package minewatch.feed.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import minewatch.feed.v1.Release;
import minewatch.feed.v1.ReleasedFile;

/// Any bytes are refused in words, but those that were signed; a payload is read or refused in
/// words as well, also by a collector that has no key.
class ReleaseFuzzTest {
    private static final KeyPair KEYS = ReleaseKeys.generate();
    private static final byte[] SOUND = sound();

    @FuzzTest(maxDuration = "20s")
    void anyBytesAreAReleaseOrRefused(FuzzedDataProvider data) {
        byte[] file = data.consumeBoolean() ? spoiled(data) : withPayload(data);
        try {
            Release release = ReleaseFile.readUnverified(file);
            assertThat(release.getNumber()).isPositive();
        } catch (ReleaseException e) {
            assertThat(e).hasMessageContaining(";");
        }
        try {
            ReleaseFile.verify(file, List.of(KEYS.getPublic()));
            assertThat(file).isEqualTo(SOUND);
        } catch (ReleaseException e) {
            assertThat(e).hasMessageContaining(";");
        }
    }

    private static byte[] spoiled(FuzzedDataProvider data) {
        byte[] file = SOUND.clone();
        while (data.remainingBytes() > 4) {
            file[data.consumeInt(0, file.length - 1)] = data.consumeByte();
        }
        return file;
    }

    private static byte[] withPayload(FuzzedDataProvider data) {
        byte[] payload = data.consumeRemainingAsBytes();
        byte[] file = Arrays.copyOf(SOUND, ReleaseFile.PAYLOAD_AT + payload.length);
        System.arraycopy(payload, 0, file, ReleaseFile.PAYLOAD_AT, payload.length);
        return file;
    }

    private static byte[] sound() {
        try {
            return ReleaseFile.sign(
                    Release.newBuilder()
                            .setNumber(1)
                            .addSensors("tap-1")
                            .addSignatures(ReleasedFile.newBuilder().setName("a.yaml"))
                            .setSettings("rollup: {interval: 1m}")
                            .build(),
                    KEYS.getPrivate());
        } catch (ReleaseException e) {
            throw new IllegalStateException(e);
        }
    }
}
