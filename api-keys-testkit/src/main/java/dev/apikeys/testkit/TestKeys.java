package dev.apikeys.testkit;

import dev.apikeys.Actor;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeyServiceBuilder;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.Owner;
import dev.apikeys.Rejection;
import dev.apikeys.Verification;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A ready {@link KeyService} for tests: a store in memory that can be made to fail, a clock that stands still until a
 * test moves it, and owners who may do everything until a test changes that.
 *
 * <pre>{@code
 * try (TestKeys keys = new TestKeys()) {
 *     String token = keys.token("read:systems");
 *     KeyPrincipal principal = keys.principal("read:systems");
 * }
 * }</pre>
 *
 * <p>Tests that need a principal and no service take a {@link SamplePrincipal}.
 *
 * <p>Thread-safe.
 */
public final class TestKeys implements AutoCloseable {
    /** The owner of the keys that these tests issue. */
    public static final Owner ALICE = Owner.user("alice", "org_1");

    /** Who makes the changes of a test. */
    public static final Actor ACTOR = Actor.of("alice");

    private final SettableClock clock;
    private final InMemoryApiKeyStore memory;
    private final FaultyStore store;
    private final SettableDirectory owners = new SettableDirectory();
    private final KeyService keys;

    /** A service with the defaults. */
    public TestKeys() {
        this(settings -> {});
    }

    /** A service with settings of its own. */
    public TestKeys(Consumer<KeyServiceBuilder> settings) {
        this(new InMemoryApiKeyStore(), new SettableClock(), settings);
    }

    /**
     * Another service on the store and the clock of an earlier one. It simulates a restart or another node.
     *
     * @param memory where the keys live
     * @param clock the clock of both services
     * @param settings of this service
     */
    public TestKeys(InMemoryApiKeyStore memory, SettableClock clock, Consumer<KeyServiceBuilder> settings) {
        Objects.requireNonNull(memory, "memory");
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(settings, "settings");
        this.memory = memory;
        this.clock = clock;
        this.store = new FaultyStore(memory);
        KeyServiceBuilder builder = KeyService.builder(store)
                .clock(clock)
                .ticker(clock.ticker())
                .ownerDirectory(owners)
                // The time of a test stands still, so no budget refills.
                .missesPerSecond(1_000_000);
        settings.accept(builder);
        this.keys = builder.build();
    }

    /** The service. */
    public KeyService keys() {
        return keys;
    }

    /** The store of the service, for faults. */
    public FaultyStore store() {
        return store;
    }

    /** The store behind the faults. */
    public InMemoryApiKeyStore memory() {
        return memory;
    }

    /** The clock that the service goes by. */
    public SettableClock clock() {
        return clock;
    }

    /** The owner directory. */
    public SettableDirectory owners() {
        return owners;
    }

    /** A key of {@link #ALICE} with mode {@code WRITE}. */
    public static KeySpec spec() {
        return KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.WRITE);
    }

    /** Issues a key of {@link #spec()}. */
    public IssuedKey issue() {
        return keys.issue(spec());
    }

    /** A valid token of {@link #ALICE} with these scopes; her limit of active keys applies. */
    public String token(String... scopes) {
        Objects.requireNonNull(scopes, "scopes");
        return keys.issue(spec().scopes(scopes)).token().reveal();
    }

    /** The principal that a service gives for such a token. */
    public KeyPrincipal principal(String... scopes) {
        Objects.requireNonNull(scopes, "scopes");
        return keys.verify(token(scopes)).orElseThrow();
    }

    /** What a service says of a request with the token of a key of this spec. */
    public KeyPrincipal principal(KeySpec spec) {
        Objects.requireNonNull(spec, "spec");
        return verify(keys.issue(spec)).orElseThrow();
    }

    /** Verifies the token of an issued key. */
    public Verification verify(IssuedKey issued) {
        Objects.requireNonNull(issued, "issued");
        return keys.verify(issued.token().reveal());
    }

    /** The reference with which a key is changed. */
    public static KeyRef ref(IssuedKey issued) {
        Objects.requireNonNull(issued, "issued");
        return KeyRef.of(issued.key().id());
    }

    /** The rejection, to be compared with. */
    public static Verification rejected(Rejection reason) {
        Objects.requireNonNull(reason, "reason");
        return new Verification.Rejected(reason);
    }

    /** Ends all faults, and closes the service. */
    @Override
    public void close() {
        store.heal();
        owners.failWith(null);
        keys.close();
    }
}
