package dev.apikeys.jdbi;

import static org.awaitility.Awaitility.await;

import dev.apikeys.Actor;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyPolicy;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeyServiceBuilder;
import dev.apikeys.KeySpec;
import dev.apikeys.LeasePolicy;
import dev.apikeys.Mode;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.Verification;
import dev.apikeys.spi.ApiKeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Several nodes of one application: services that share nothing but the database. */
final class Nodes implements AutoCloseable {
    static {
        // How long a test waits decides nothing: what has to be fast is measured. The default of ten seconds is too
        // little where the tests of another module have most of the processors.
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    static final Actor ADMIN = Actor.of("admin");

    private final List<KeyService> services = new ArrayList<>();

    /** As many nodes, each with a pool of its own. */
    static Nodes of(int count, TestDatabase database, LeasePolicy lease) {
        Nodes nodes = new Nodes();
        for (int i = 0; i < count; i++) {
            nodes.add(database.store(4), lease);
        }
        return nodes;
    }

    KeyService add(ApiKeyStore store, LeasePolicy lease) {
        return add(store, settings -> settings.lease(lease));
    }

    KeyService add(ApiKeyStore store, UnaryOperator<KeyServiceBuilder> settings) {
        KeyServiceBuilder builder = KeyService.builder(store)
                .policy(KeyPolicy.DEFAULT.maxActive(KeyKind.PERSONAL, KeyPolicy.MAX_ACTIVE_KEYS));
        KeyService service = settings.apply(builder).build();
        services.add(service);
        return service;
    }

    KeyService get(int index) {
        return services.get(index);
    }

    Stream<KeyService> all() {
        return services.stream();
    }

    /** A key that is issued here. */
    static IssuedKey issue(KeyService node, String user) {
        return node.issue(KeySpec.forUser(user, "org_1").named("CRM").mode(Mode.READ));
    }

    static KeyRef ref(IssuedKey key) {
        return KeyRef.of(key.key().id());
    }

    static void revoke(KeyService node, IssuedKey key) {
        var unused = node.revoke(ref(key), ADMIN, "test");
    }

    /** What the node says of the token; null when it says that it can't tell. */
    static Verification ask(KeyService node, String token) {
        try {
            return node.verify(token);
        } catch (StoreUnavailableException cannotTell) {
            return null;
        }
    }

    /** What the node says of the token first; a strict one that the machine holds up for too long can't tell for a while. */
    static Verification answer(KeyService node, String token) {
        return await().until(() -> ask(node, token), Objects::nonNull);
    }

    static boolean accepts(KeyService node, String token) {
        return ask(node, token) instanceof Verification.Accepted;
    }

    /** Lets an outage last; what happens in the meantime is for others to watch. */
    static void letPass(Duration time) {
        await().pollDelay(time).atMost(time.plusSeconds(5)).until(() -> true);
    }

    @Override
    public void close() {
        services.forEach(KeyService::close);
    }
}
