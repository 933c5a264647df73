package minewatch.feed.release;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Collection;
import minewatch.feed.release.ReleaseException.Kind;
import minewatch.feed.v1.Release;

/// A release as the bytes of a file: signed, and verified before anything in it is read.
public final class ReleaseFile {
    /// What a file's name ends with.
    public static final String SUFFIX = ".release";

    /// The longest file.
    public static final int MAX_BYTES = 4 << 20;

    static final int SIGNATURE_AT = 16;
    static final int PAYLOAD_AT = 80;
    private static final byte[] MAGIC = "minewatch-rel 1\n".getBytes(US_ASCII);

    /// So that a signature of this key over anything else is none over a release.
    private static final byte[] DOMAIN = "minewatch release 1\0".getBytes(US_ASCII);

    private ReleaseFile() {}

    /// @throws ReleaseException if the release breaks a rule, or is too long for a file
    public static byte[] sign(Release release, PrivateKey key) throws ReleaseException {
        ReleaseRules.check(release);
        byte[] payload = release.toByteArray();
        requireSize(PAYLOAD_AT + payload.length);
        byte[] file = Arrays.copyOf(MAGIC, PAYLOAD_AT + payload.length);
        System.arraycopy(payload, 0, file, PAYLOAD_AT, payload.length);
        try {
            Signature signer = Signature.getInstance(ReleaseKeys.ALGORITHM);
            signer.initSign(key);
            signer.update(DOMAIN);
            signer.update(payload);
            signer.sign(file, SIGNATURE_AT, PAYLOAD_AT - SIGNATURE_AT);
            return file;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an Ed25519 key", e);
        }
    }

    /// @param keys one of them must have signed it
    /// @throws ReleaseException if that is not so, or the release breaks a rule
    public static Release verify(byte[] file, Collection<PublicKey> keys) throws ReleaseException {
        requireForm(file);
        if (keys.stream().noneMatch(key -> isSignedBy(file, key))) {
            throw new ReleaseException(
                    Kind.SIGNATURE,
                    "is not signed by a key in releases.keys, or was changed since; fetch it anew"
                            + " from whoever signs, and compare the keys");
        }
        return parse(file);
    }

    /// What the file says, whoever signed it: good for handing it on, never for using it.
    ///
    /// @throws ReleaseException if it says nothing, or breaks a rule
    public static Release readUnverified(byte[] file) throws ReleaseException {
        requireForm(file);
        return parse(file);
    }

    /// The bytes of a file, no more than a release may have and one.
    public static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES + 1);
        }
    }

    /// What tells one file from any other: SHA-256.
    public static ByteString digest(byte[] file) {
        try {
            return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(file));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void requireForm(byte[] file) throws ReleaseException {
        requireSize(file.length);
        if (file.length < PAYLOAD_AT
                || !Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new ReleaseException(
                    Kind.MALFORMED,
                    "is no release file of a form known here; sign with `minewatch signatures"
                            + " sign`, and upgrade this program where that is newer");
        }
    }

    private static void requireSize(int bytes) throws ReleaseException {
        if (bytes > MAX_BYTES) {
            throw new ReleaseException(
                    Kind.MALFORMED,
                    "is longer than " + MAX_BYTES + " bytes; release fewer or smaller files");
        }
    }

    private static boolean isSignedBy(byte[] file, PublicKey key) {
        try {
            Signature verifier = Signature.getInstance(ReleaseKeys.ALGORITHM);
            verifier.initVerify(key);
            verifier.update(DOMAIN);
            verifier.update(file, PAYLOAD_AT, file.length - PAYLOAD_AT);
            return verifier.verify(file, SIGNATURE_AT, PAYLOAD_AT - SIGNATURE_AT);
        } catch (GeneralSecurityException e) {
            return false; // bytes that are no signature at all
        }
    }

    private static Release parse(byte[] file) throws ReleaseException {
        try {
            Release release =
                    Release.parser().parseFrom(file, PAYLOAD_AT, file.length - PAYLOAD_AT);
            ReleaseRules.check(release);
            return release;
        } catch (InvalidProtocolBufferException e) {
            throw new ReleaseException(
                    Kind.MALFORMED, "is no release: " + e.getMessage() + "; sign it anew", e);
        }
    }
}
