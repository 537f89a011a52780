package dev.apikeys;

import dev.apikeys.testkit.SettableClock;

import java.util.function.Consumer;

/** A key service over an observed in-memory store, with time and owners in the hands of the test. */
final class TestService implements AutoCloseable {
    static final Owner ALICE = Owner.user("alice", "org_1");
    static final Actor ACTOR = Actor.of("alice");

    final SettableClock time;
    final InMemoryApiKeyStore memory;
    final ObservedStore store;
    final TestDirectory owners = new TestDirectory();
    final KeyService keys;

    TestService() {
        this(settings -> {});
    }

    TestService(Consumer<KeyServiceBuilder> settings) {
        this(new InMemoryApiKeyStore(), new SettableClock(), settings);
    }

    /** Another service on the store and in the time of an earlier one: the next process, or the next node. */
    TestService(InMemoryApiKeyStore memory, SettableClock time, Consumer<KeyServiceBuilder> settings) {
        this.memory = memory;
        this.time = time;
        this.store = new ObservedStore(memory);
        KeyServiceBuilder builder = KeyService.builder(store.store())
                .clock(time)
                .ticker(time.ticker())
                .ownerDirectory(owners)
                // The time of a test stands still, and no budget refills.
                .missesPerSecond(1_000_000);
        settings.accept(builder);
        this.keys = builder.build();
    }

    /** What alice asks for when nothing else matters. */
    static KeySpec spec() {
        return KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.WRITE);
    }

    IssuedKey issue() {
        return keys.issue(spec());
    }

    Verification verify(IssuedKey issued) {
        return keys.verify(issued.token().reveal());
    }

    static KeyRef ref(IssuedKey issued) {
        return KeyRef.of(issued.key().id());
    }

    static Verification rejected(Rejection reason) {
        return new Verification.Rejected(reason);
    }

    @Override
    public void close() {
        store.heal();
        owners.failWith(null);
        keys.close();
    }
}
