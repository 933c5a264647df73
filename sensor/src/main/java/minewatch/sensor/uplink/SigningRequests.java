package minewatch.sensor.uplink;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/// A new key of this sensor, and the request by which an authority certifies it.
///
/// ```
/// CertificationRequest ::= SEQUENCE { info, SEQUENCE { ecdsa-with-SHA256 }, BIT STRING signature }
/// info                 ::= SEQUENCE { INTEGER 0, subject Name, SubjectPublicKeyInfo, [0] {} }
/// ```
///
/// Written by hand: it is a few lines, and a library for it would be eight megabytes.
///
/// Source: RFC 2986 §4; ITU-T X.690 §8, §10; RFC 5758 §3.2.
public final class SigningRequests {
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int UTF8_STRING = 0x0C;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int NO_ATTRIBUTES = 0xA0;
    private static final byte[] COMMON_NAME = {0x06, 3, 0x55, 0x04, 0x03}; // 2.5.4.3
    private static final byte[] ECDSA_WITH_SHA256 = { // 1.2.840.10045.4.3.2
        0x06, 8, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x04, 0x03, 0x02
    };
    private static final int ONE_LENGTH_BYTE = 0x80; // lengths below fit into one

    private SigningRequests() {}

    /// EC P-256.
    public static KeyPair newKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has P-256", e);
        }
    }

    /// @param sensor becomes the common name
    /// @return PKCS 10 in DER form
    public static byte[] of(String sensor, KeyPair keys) {
        byte[] name = tagged(SEQUENCE, COMMON_NAME, tagged(UTF8_STRING, sensor.getBytes(US_ASCII)));
        byte[] info =
                tagged(
                        SEQUENCE,
                        tagged(INTEGER, new byte[] {0}),
                        tagged(SEQUENCE, tagged(SET, name)),
                        keys.getPublic().getEncoded(), // is a SubjectPublicKeyInfo
                        tagged(NO_ATTRIBUTES));
        return tagged(
                SEQUENCE,
                info,
                tagged(SEQUENCE, ECDSA_WITH_SHA256),
                tagged(BIT_STRING, new byte[] {0}, signature(keys, info)));
    }

    private static byte[] signature(KeyPair keys, byte[] message) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key just made can sign", e);
        }
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        var body = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            body.writeBytes(part);
        }
        var whole = new ByteArrayOutputStream();
        whole.write(tag);
        int length = body.size();
        if (length < ONE_LENGTH_BYTE) {
            whole.write(length);
        } else if (length < 1 << 8) {
            whole.write(ONE_LENGTH_BYTE | 1);
            whole.write(length);
        } else {
            whole.write(ONE_LENGTH_BYTE | 2);
            whole.write(length >> 8);
            whole.write(length);
        }
        whole.writeBytes(body.toByteArray());
        return whole.toByteArray();
    }
}
