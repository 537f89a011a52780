package dev.apikeys;

import dev.apikeys.ApiKey.McpSessions;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.AppliedChange;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.Housekeeping;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.MaintenanceReport;
import dev.apikeys.spi.NewKey;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.spi.StoredCredential;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A store with any number of keys that takes no memory for them: each is computed from its number when it is asked for,
 * with new objects all through, as a database's row mapper makes them. Ten keys belong to one user. In this package
 * because it hashes as the library does.
 *
 * <p>Thread-safe.
 */
public final class GeneratedStore implements ApiKeyStore {
    private static final HexFormat HEX = HexFormat.of();
    private static final int KEYS_PER_USER = 10;

    private final InMemoryApiKeyStore rest = new InMemoryApiKeyStore();
    private final Instant created = Instant.now().minus(Duration.ofDays(1)).truncatedTo(ChronoUnit.MILLIS);
    private final int count;
    private final SecretHasher hasher;

    /**
     * Keys with the numbers from 0.
     *
     * @param pepper under which they are hashed at rest, or null
     */
    public GeneratedStore(int count, @Nullable Pepper pepper) {
        this.count = count;
        this.hasher = new SecretHasher(pepper, pepper == null ? List.of() : List.of(pepper));
    }

    /** The token of a key. */
    public static String token(int number) {
        return "myk_" + publicId(number) + "." + secret(number);
    }

    /** The user who owns a key. */
    public static String user(int number) {
        return "user-" + number / KEYS_PER_USER;
    }

    @Override
    public Optional<StoredCredential> findCredential(String publicId) {
        int number = HexFormat.fromHexDigits(publicId, 0, 8);
        if (number < 0 || number >= count || !publicId(number).equals(publicId)) {
            return Optional.empty();
        }
        ApiKey key = new ApiKey(
                new UUID(mixed(number), number),
                publicId(number),
                KeyKind.PERSONAL,
                Owner.user(user(number), new String("org_1".toCharArray())),
                "Key number " + number,
                Grant.of(Mode.READ),
                List.of(),
                KeyOptions.DEFAULT,
                created,
                user(number),
                created.plus(Duration.ofDays(90)),
                null,
                null,
                null,
                McpSessions.NONE,
                1);
        return Optional.of(new StoredCredential(publicId, hasher.hash(publicId, secret(number)), null, key));
    }

    private static String publicId(int number) {
        // The number first: what a cache looks at must be as random as in a real id, and that may be the end.
        return HEX.toHexDigits(number) + HEX.toHexDigits(mixed(number));
    }

    private static String secret(int number) {
        return HEX.toHexDigits(mixed(number + 1L))
                + HEX.toHexDigits(mixed(number + 2L))
                + HEX.toHexDigits(mixed(number + 3L));
    }

    /** The finalizer of SplitMix64. */
    private static long mixed(long number) {
        long z = (number + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    @Override
    public void insert(NewKey key) {
        rest.insert(key);
    }

    @Override
    public Optional<ApiKey> find(UUID id, KeyFilter within) {
        return rest.find(id, within);
    }

    @Override
    public Page<ApiKey> list(KeyFilter filter, PageRequest page) {
        return rest.list(filter, page);
    }

    @Override
    public Optional<AppliedChange> apply(KeyChange change) {
        return rest.apply(change);
    }

    @Override
    public long ownerChanged(Owner selector) {
        return rest.ownerChanged(selector);
    }

    @Override
    public boolean rehash(String publicId, SecretHash expected, SecretHash replacement) {
        return rest.rehash(publicId, expected, replacement);
    }

    @Override
    public void recordUses(Collection<KeyUse> uses) {
        rest.recordUses(uses);
    }

    @Override
    public void recordMcpSession(UUID keyId, long policyVersion) {
        rest.recordMcpSession(keyId, policyVersion);
    }

    /** Drops them, because a benchmark of rejections would fill the memory. */
    @Override
    public void appendAudit(Collection<AuditEntry> entries) {}

    @Override
    public Page<AuditEntry> audit(AuditFilter filter, PageRequest page) {
        return rest.audit(filter, page);
    }

    @Override
    public ChangeFeed openChangeFeed(Duration timeout) {
        return rest.openChangeFeed(timeout);
    }

    @Override
    public Housekeeping housekeeping() {
        return rest.housekeeping();
    }

    @Override
    public Optional<MaintenanceReport> maintain(Instant endedBefore, Instant changedBefore, int limit) {
        return rest.maintain(endedBefore, changedBefore, limit);
    }
}
