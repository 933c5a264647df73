package minewatch.feed.release;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import minewatch.feed.release.ReleaseException.Kind;
import minewatch.feed.v1.Release;
import minewatch.feed.v1.ReleasedFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseFileTest {
    private static final KeyPair KEYS = ReleaseKeys.generate();
    private static final KeyPair OTHERS = ReleaseKeys.generate();
    private static final Release RELEASE =
            Release.newBuilder()
                    .setNumber(7)
                    .setCreatedSeconds(1_795_478_400)
                    .addSensors("tap-1")
                    .addSignatures(file("dig.yaml", "id: dig\n"))
                    .addEndpoints(file("own.csv", "name,ip\n"))
                    .setSettings("rollup: {interval: 1m}\n")
                    .build();

    @TempDir Path folder;

    @Test
    void signedReleaseIsReadWithAnyOfTheKeys() throws Exception {
        byte[] file = ReleaseFile.sign(RELEASE, KEYS.getPrivate());
        assertThat(ReleaseFile.verify(file, List.of(OTHERS.getPublic(), KEYS.getPublic())))
                .isEqualTo(RELEASE);
        assertThat(ReleaseFile.readUnverified(file)).isEqualTo(RELEASE);
        assertThat(ReleaseFile.sign(RELEASE, KEYS.getPrivate())).isEqualTo(file);
    }

    @Test
    void releaseOfAnotherKeyIsRefused() throws Exception {
        byte[] file = ReleaseFile.sign(RELEASE, OTHERS.getPrivate());
        refused(file, Kind.SIGNATURE, "is not signed by a key in releases.keys");
        assertThatThrownBy(() -> ReleaseFile.verify(file, List.of()))
                .isInstanceOf(ReleaseException.class);
    }

    /// Every bit, not a sample: the file is short.
    @Test
    void noBitMayChange() throws Exception {
        byte[] file = ReleaseFile.sign(RELEASE, KEYS.getPrivate());
        for (int bit = 0; bit < file.length * 8; bit++) {
            byte[] flipped = file.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Kind kind = bit / 8 < ReleaseFile.SIGNATURE_AT ? Kind.MALFORMED : Kind.SIGNATURE;
            assertThatThrownBy(() -> ReleaseFile.verify(flipped, List.of(KEYS.getPublic())))
                    .as("bit %d", bit)
                    .isInstanceOfSatisfying(
                            ReleaseException.class, e -> assertThat(e.kind()).isEqualTo(kind));
        }
    }

    @Test
    void noByteMayBeMissingOrAdded() throws Exception {
        byte[] file = ReleaseFile.sign(RELEASE, KEYS.getPrivate());
        for (int length = 0; length <= file.length + 1; length++) {
            if (length != file.length) {
                byte[] other = Arrays.copyOf(file, length);
                assertThatThrownBy(() -> ReleaseFile.verify(other, List.of(KEYS.getPublic())))
                        .as("%d bytes", length)
                        .isInstanceOf(ReleaseException.class);
            }
        }
    }

    /// A signature made for another purpose, such as over a mere file, is none over a release.
    @Test
    void signatureWithoutThePrefixIsRefused() throws Exception {
        byte[] file = ReleaseFile.sign(RELEASE, KEYS.getPrivate());
        Signature bare = Signature.getInstance("Ed25519");
        bare.initSign(KEYS.getPrivate());
        bare.update(RELEASE.toByteArray());
        byte[] signature = bare.sign();
        System.arraycopy(signature, 0, file, ReleaseFile.SIGNATURE_AT, signature.length);
        refused(file, Kind.SIGNATURE, "is not signed");
    }

    @Test
    void whatIsBeyondTheBoundsIsNeitherSignedNorRead() {
        beyond(RELEASE.toBuilder().setNumber(0), "number: 0 (expected: 1 to 2^63 - 1)");
        beyond(RELEASE.toBuilder().setNumber(-1), "number: 18446744073709551615 ");
        beyond(RELEASE.toBuilder().addSensors("Tap 1"), "sensor: Tap 1 (expected: ");
        beyond(RELEASE.toBuilder().addSignatures(file("../a.yaml", "")), "signatures: ../a.yaml ");
        beyond(RELEASE.toBuilder().addSignatures(file("dig.yaml", "")), "signatures: dig.yaml ");
        beyond(RELEASE.toBuilder().addEndpoints(file("a.yaml", "")), "endpoints: a.yaml ");
        beyond(RELEASE.toBuilder().addEndpoints(file("a\n.csv", "")), "endpoints: a?.csv ");
        beyond(RELEASE.toBuilder().setSettings("#".repeat(70_000)), "settings: 70000 characters ");
        beyond(
                RELEASE.toBuilder().addSignatures(file("long.yaml", "#".repeat(4 << 20))),
                "is longer than 4194304 bytes");
        beyond(
                RELEASE.toBuilder()
                        .setUnknownFields(
                                UnknownFieldSet.newBuilder()
                                        .addField(
                                                99,
                                                UnknownFieldSet.Field.newBuilder()
                                                        .addVarint(1)
                                                        .build())
                                        .build()),
                "content: more than this version knows");
    }

    private static void beyond(Release.Builder release, String why) {
        assertThatThrownBy(() -> ReleaseFile.sign(release.build(), KEYS.getPrivate()))
                .isInstanceOf(ReleaseException.class)
                .hasMessageContaining(why);
    }

    @Test
    void longerFileThanAllowedIsRefusedUnread() throws Exception {
        Path file = folder.resolve("long.release");
        Files.write(file, new byte[ReleaseFile.MAX_BYTES + 100]);
        byte[] bytes = ReleaseFile.bytes(file);
        assertThat(bytes).hasSize(ReleaseFile.MAX_BYTES + 1);
        refused(bytes, Kind.MALFORMED, "is longer than 4194304 bytes");
    }

    @Test
    void keysSurviveTheirFiles() throws Exception {
        Path secret = Files.writeString(folder.resolve("k"), ReleaseKeys.pem(KEYS.getPrivate()));
        Path open = Files.writeString(folder.resolve("p"), ReleaseKeys.pem(KEYS.getPublic()));
        assertThat(ReleaseKeys.privateKey(secret)).isEqualTo(KEYS.getPrivate());
        assertThat(ReleaseKeys.publicKeys(List.of(open))).containsExactly(KEYS.getPublic());
        assertThatThrownBy(() -> ReleaseKeys.privateKey(open))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("holds no Ed25519 key that can be read (expected: PEM, PRIV");
        assertThatThrownBy(() -> ReleaseKeys.publicKeys(List.of(folder.resolve("none"))))
                .hasMessageContaining("none: cannot be read (expected: PEM, PUBLIC KEY)");
    }

    @Test
    void keysOfOpensslAreRead() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl");
        openssl("genpkey", "-algorithm", "ed25519", "-out", "k.pem");
        openssl("pkey", "-in", "k.pem", "-pubout", "-out", "p.pem");
        byte[] file = ReleaseFile.sign(RELEASE, ReleaseKeys.privateKey(folder.resolve("k.pem")));
        assertThat(
                        ReleaseFile.verify(
                                file, ReleaseKeys.publicKeys(List.of(folder.resolve("p.pem")))))
                .isEqualTo(RELEASE);
    }

    @Test
    void opensslVerifiesWhatIsSignedHere() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl");
        Files.writeString(folder.resolve("p.pem"), ReleaseKeys.pem(KEYS.getPublic()));
        byte[] file = ReleaseFile.sign(RELEASE, KEYS.getPrivate());
        Files.write(folder.resolve("signature"), Arrays.copyOfRange(file, 16, 80));
        byte[] prefix = "minewatch release 1\0".getBytes(UTF_8);
        byte[] signed = Arrays.copyOf(prefix, prefix.length + file.length - 80);
        System.arraycopy(file, 80, signed, prefix.length, file.length - 80);
        Files.write(folder.resolve("signed"), signed);
        openssl(
                "pkeyutl -verify -pubin -inkey p.pem -rawin -in signed -sigfile signature"
                        .split(" ", -1));
    }

    private void openssl(String... arguments) throws Exception {
        var command = new java.util.ArrayList<>(List.of("/usr/bin/openssl"));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("said").toFile())
                        .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(folder.resolve("said"))).isZero();
    }

    private static void refused(byte[] file, Kind kind, String why) {
        assertThatThrownBy(() -> ReleaseFile.verify(file, List.of(KEYS.getPublic())))
                .isInstanceOfSatisfying(
                        ReleaseException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(why);
    }

    private static ReleasedFile file(String name, String text) {
        return ReleasedFile.newBuilder().setName(name).setText(text).build();
    }
}
