package dev.apikeys.benchmarks;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** The key of all signed tokens here, and one of them: subject, organization, scope, issued at, expiry. */
final class JwtKey {
    /** 256 bits, as HS256 wants at least (RFC 7518 section 3.2). */
    static final byte[] BYTES = bytes();

    private JwtKey() {}

    static String token() {
        Instant now = Instant.now();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .subject("user-42")
                .issuer("https://api.example.com")
                .claim("org", "org_1")
                .claim("scope", "read:systems manage:systems")
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(1, ChronoUnit.DAYS)))
                .build();
        SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        try {
            jwt.sign(new MACSigner(BYTES));
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
        return jwt.serialize();
    }

    static MACVerifier nimbusVerifier() {
        try {
            return new MACVerifier(BYTES);
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What somebody who uses Nimbus writes: the claims of a token with a right signature that hasn't expired. */
    @SuppressWarnings("JavaUtilDate") // The library's own type.
    static @Nullable JWTClaimsSet claims(String token, MACVerifier verifier) {
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            Date expires = claims.getExpirationTime();
            return jwt.verify(verifier) && expires != null && new Date().before(expires) ? claims : null;
        } catch (ParseException | JOSEException invalid) {
            return null;
        }
    }

    private static byte[] bytes() {
        byte[] bytes = new byte[32];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (37 * i + 11);
        }
        return bytes;
    }
}
