package minewatch.collector.accept;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/// A certificate signing request as a sensor sent it (PKCS 10, RFC 2986). Of what it asks for only
/// the key and the common name are looked at: what a certificate says, the authority decides.
///
/// @param sensor the common name
/// @param publicKey on P-256; whoever sent the request has its private key
record ForeignRequest(String sensor, PublicKey publicKey) {
    static final int LONGEST = 8 << 10; // bytes
    private static final int P256 = 256; // bits
    private static final int LONGEST_CAUSE = 100; // characters

    /// @throws MalformedException if it is none, or cannot be signed
    static ForeignRequest parse(byte[] der) throws MalformedException {
        if (der.length > LONGEST) {
            throw new MalformedException(der.length + " bytes (expected: at most 8 KiB)", null);
        }
        try {
            return read(new JcaPKCS10CertificationRequest(der));
        } catch (IOException
                | GeneralSecurityException
                | PKCSException
                | OperatorCreationException
                | RuntimeException
                | StackOverflowError e) {
            // The parser throws whatever comes up where the bytes are not what they say.
            throw new MalformedException(
                    "not a PKCS 10 request in DER form ("
                            + ForeignText.line(String.valueOf(e.getMessage()), LONGEST_CAUSE)
                            + ")",
                    e);
        }
    }

    private static ForeignRequest read(JcaPKCS10CertificationRequest request)
            throws GeneralSecurityException,
                    PKCSException,
                    OperatorCreationException,
                    MalformedException {
        PublicKey key = request.getPublicKey();
        if (!(key instanceof ECPublicKey ec)
                || ec.getParams().getCurve().getField().getFieldSize() != P256) {
            throw new MalformedException(
                    "a key of another kind (expected: EC on the curve P-256)", null);
        }
        if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
            throw new MalformedException("not signed with its own key", null);
        }
        RDN[] names = request.getSubject().getRDNs(BCStyle.CN);
        ASN1Encodable name = names.length == 1 ? names[0].getFirst().getValue() : null;
        if (name == null) {
            throw new MalformedException("no common name (expected: one, the sensor's id)", null);
        }
        return new ForeignRequest(IETFUtils.valueToString(name), key);
    }

    /// Told to whoever sent the request.
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1;

        MalformedException(String message, @org.jspecify.annotations.Nullable Throwable cause) {
            super("signing request: " + message, cause);
        }
    }
}
