package dev.apikeys;

import com.password4j.Argon2Function;
import com.password4j.BcryptFunction;
import com.password4j.types.Argon2;
import com.password4j.types.Bcrypt;
import dev.apikeys.spi.SecretHash;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does checking a secret cost: by the remembered fingerprint, by the hash at rest without and with a pepper, and by
 * the password hashes that people use instead?
 *
 * <p>{@code java -jar benchmarks/target/benchmarks.jar Hashing}
 */
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class Hashing {
    private static final int ID_START = 4;
    private static final int SECRET_START = 29;

    private final String token = GeneratedStore.token(7);
    private final String publicId = token.substring(4, 28);
    private final String secret = token.substring(SECRET_START);

    private final Fingerprints fingerprints = new Fingerprints(new SecureRandom(), 48);
    private final CacheEntry entry = entry();

    private final Pepper pepper = Pepper.of("p1", new byte[32]);
    private final SecretHasher plain = new SecretHasher(null, List.of());
    private final SecretHasher keyed = new SecretHasher(pepper, List.of(pepper));
    private final SecretHash plainHash = plain.hash(publicId, secret);
    private final SecretHash keyedHash = keyed.hash(publicId, secret);

    private final BcryptFunction bcrypt = BcryptFunction.getInstance(Bcrypt.B, 10);
    private final String bcryptHash = bcrypt.hash(secret).getResult();
    private final Argon2Function argon2 = Argon2Function.getInstance(15_360, 2, 1, 32, Argon2.ID);
    private final String argon2Hash = argon2.hash(secret).getResult();

    /** Reading a token, and one SHA-256 of one block: every cached verification. */
    @Benchmark
    public boolean fingerprint() {
        PresentedToken presented = fingerprints.acquire();
        try {
            return TokenFormat.DEFAULT.read(token, ID_START, presented) && presented.matches(entry);
        } finally {
            fingerprints.release(presented);
        }
    }

    private CacheEntry entry() {
        PresentedToken presented = fingerprints.acquire();
        try {
            presented.readSecret(secret);
            return CacheEntry.unknown(presented.fingerprint());
        } finally {
            fingerprints.release(presented);
        }
    }

    /** SHA-256 at rest: the first verification of a key. */
    @Benchmark
    public Object sha256AtRest() {
        return plain.check(plainHash, publicId, secret);
    }

    /** HMAC-SHA-256 at rest: the first verification of a key with a pepper. */
    @Benchmark
    public Object hmacAtRest() {
        return keyed.check(keyedHash, publicId, secret);
    }

    /** bcrypt with cost 10. */
    @Benchmark
    public boolean bcrypt() {
        return bcrypt.check(secret, bcryptHash);
    }

    /** Argon2id with 15 MiB and two passes. */
    @Benchmark
    public boolean argon2id() {
        return argon2.check(secret, argon2Hash);
    }
}
