package dev.apikeys.quickstart;

import dev.apikeys.KeyPrincipal;
import java.security.Principal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The demo's own business. It knows nothing of keys and sessions but the organization of whoever calls; whether the caller
 * may was decided before.
 */
final class Systems {
    private final Accounts accounts;
    private final Map<String, Map<String, Named>> byOrganization = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong(1);

    Systems(Accounts accounts) {
        this.accounts = accounts;
    }

    record Named(String id, String name) {}

    Collection<Named> all(String organization) {
        return List.copyOf(of(organization).values());
    }

    Optional<Named> find(String organization, String id) {
        return Optional.ofNullable(of(organization).get(id));
    }

    Named add(String organization, String name) {
        Named system = new Named(String.valueOf(lastId.incrementAndGet()), name);
        of(organization).put(system.id(), system);
        return system;
    }

    boolean remove(String organization, String id) {
        return of(organization).remove(id) != null;
    }

    /** Whose systems a caller sees. */
    String organization(Principal caller) {
        return caller instanceof KeyPrincipal key
                ? accounts.organizationOf(key.owner())
                : ((Account) caller).organization();
    }

    private Map<String, Named> of(String organization) {
        return byOrganization.computeIfAbsent(
                organization,
                name -> new ConcurrentSkipListMap<>(Map.of("1", new Named("1", "The first system of " + name))));
    }
}
