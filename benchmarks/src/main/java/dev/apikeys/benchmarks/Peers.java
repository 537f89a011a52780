package dev.apikeys.benchmarks;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.nimbusds.jose.crypto.MACVerifier;
import io.fusionauth.jwt.JWTDecoder;
import io.fusionauth.jwt.hmac.HMACVerifier;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Keys;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a signed token cost instead: HS256, signature and expiry, by the usual libraries? A signed token can't be
 * revoked, which is what the comparison leaves out. What a password hash costs is in {@link dev.apikeys.Hashing}.
 *
 * <p>{@code java -jar benchmarks/target/benchmarks.jar Peers -prof gc}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class Peers {
    private final String token = JwtKey.token();

    private final HMACVerifier fusionAuth = HMACVerifier.newVerifier(JwtKey.BYTES);
    private final JWTDecoder fusionAuthDecoder = io.fusionauth.jwt.domain.JWT.getDecoder();
    private final JWTVerifier auth0 =
            JWT.require(Algorithm.HMAC256(JwtKey.BYTES)).build();
    private final JwtParser jjwt =
            Jwts.parser().verifyWith(Keys.hmacShaKeyFor(JwtKey.BYTES)).build();
    private final MACVerifier nimbus = JwtKey.nimbusVerifier();

    /** fusionauth-jwt. */
    @Benchmark
    public Object fusionAuthJwt() {
        return fusionAuthDecoder.decode(token, fusionAuth);
    }

    /** auth0 java-jwt. */
    @Benchmark
    public Object javaJwt() {
        return auth0.verify(token);
    }

    /** nimbus-jose-jwt. */
    @Benchmark
    public Object nimbusJoseJwt() {
        return Objects.requireNonNull(JwtKey.claims(token, nimbus));
    }

    /** jjwt. */
    @Benchmark
    public Object jjwt() {
        return jjwt.parseSignedClaims(token);
    }
}
