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
 * The data of the demo. It knows only the organization of the caller, and nothing of keys and sessions. Filters have
 * checked before what the caller may do.
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
