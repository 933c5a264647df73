package minewatch.feed.release;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.KeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Ed25519 keys as PEM files, as `openssl genpkey -algorithm ed25519` and `openssl pkey -pubout`
/// write them.
public final class ReleaseKeys {
    static final String ALGORITHM = "Ed25519";
    private static final int MAX_BYTES = 64 << 10;
    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";

    private ReleaseKeys() {}

    public static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java since 15 has Ed25519", e);
        }
    }

    /// PKCS 8, not encrypted.
    public static String pem(PrivateKey key) {
        return pem(PRIVATE, key.getEncoded());
    }

    public static String pem(PublicKey key) {
        return pem(PUBLIC, key.getEncoded());
    }

    /// @throws IOException in words for the user, if the file holds no such key
    public static PrivateKey privateKey(Path file) throws IOException {
        return key(file, PRIVATE, PKCS8EncodedKeySpec::new, KeyFactory::generatePrivate);
    }

    /// The keys of all files, one each.
    ///
    /// @throws IOException in words for the user, if one of them holds no such key
    public static List<PublicKey> publicKeys(Collection<Path> files) throws IOException {
        List<PublicKey> keys = new ArrayList<>();
        for (Path file : files) {
            keys.add(key(file, PUBLIC, X509EncodedKeySpec::new, KeyFactory::generatePublic));
        }
        return keys;
    }

    private interface Reader<K> {
        K read(KeyFactory factory, KeySpec spec) throws GeneralSecurityException;
    }

    private static <K> K key(
            Path file, String label, Function<byte[], KeySpec> form, Reader<K> reader)
            throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(MAX_BYTES), US_ASCII);
            Matcher pem =
                    Pattern.compile(
                                    "-----BEGIN "
                                            + label
                                            + "-----([^-]*)-----END "
                                            + label
                                            + "-----")
                            .matcher(text);
            if (!pem.find()) {
                throw new GeneralSecurityException("no " + label);
            }
            byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
            return reader.read(KeyFactory.getInstance(ALGORITHM), form.apply(der));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    file
                            + ": holds no Ed25519 key that can be read (expected: PEM, "
                            + label
                            + "; `minewatch signatures keygen` makes a pair)",
                    e);
        } catch (IOException e) {
            throw new IOException(
                    file + ": cannot be read (expected: PEM, " + label + "): " + e, e);
        }
    }

    private static String pem(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }
}
