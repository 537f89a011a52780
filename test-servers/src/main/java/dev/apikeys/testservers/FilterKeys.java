package dev.apikeys.testservers;

import dev.apikeys.Actor;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.Scopes;
import dev.apikeys.spi.OwnerDirectory;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** One key of every sort that a filter can meet, in a real store, and the service that knows them. */
public final class FilterKeys implements AutoCloseable {
    private final Set<String> suspended = ConcurrentHashMap.newKeySet();
    private final InMemoryApiKeyStore store = new InMemoryApiKeyStore();

    /** Asks its directory at every verification, so that {@link #verifications} counts them. */
    public final KeyService service = KeyService.builder(store)
            .ownerDirectory(owner -> {
                verifications().incrementAndGet();
                return suspended.contains(owner.displayId())
                        ? OwnerDirectory.State.inactive()
                        : OwnerDirectory.State.active(Scopes.ALL);
            })
            .ownerStateMaxAge(Duration.ZERO)
            .build();

    private final AtomicInteger verifications = new AtomicInteger();

    /** May {@code read:*}; owned by alice. */
    public final IssuedKey reader =
            issue(service, KeySpec.forUser("alice", "org_1").mode(Mode.READ));

    /** May {@code read:*} and {@code manage:*}; owned by bob. */
    public final IssuedKey writer =
            issue(service, KeySpec.forUser("bob", "org_1").mode(Mode.WRITE));

    {
        verifications.set(0);
    }

    /** How often the directory was asked since the keys were issued: once for each token that names a live key. */
    public AtomicInteger verifications() {
        return verifications;
    }

    public String readerToken() {
        return reader.token().reveal();
    }

    public String writerToken() {
        return writer.token().reveal();
    }

    /** Tokens that open nothing, by what is wrong with them; the client's address is 127.0.0.1. */
    public Map<String, String> refusedTokens() {
        Actor admin = Actor.of("admin");
        IssuedKey revoked = issue(service, spec("revoked"));
        service.revoke(KeyRef.of(revoked.key().id()), admin, "test");
        IssuedKey paused = issue(service, spec("paused"));
        service.pause(KeyRef.of(paused.key().id()), admin);
        IssuedKey inactive = issue(service, spec("suspended"));
        suspended.add("suspended");
        IssuedKey elsewhere = issue(service, spec("elsewhere").allowedFrom("203.0.113.0/24"));
        String valid = readerToken();
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("revoked", revoked.token().reveal());
        tokens.put("expired", expired().token().reveal());
        tokens.put("paused", paused.token().reveal());
        tokens.put("inactive owner", inactive.token().reveal());
        tokens.put("address not allowed", elsewhere.token().reveal());
        tokens.put("wrong secret", withOtherEnd(valid));
        tokens.put("unknown", unknownToken());
        tokens.put("malformed", "myk_0123.4567");
        tokens.put("too long", valid + "0".repeat(300));
        tokens.put("upper case", "myk_" + "A".repeat(24) + "." + "B".repeat(48));
        tokens.put("lone prefix", "myk_");
        tokens.put("null", "null");
        tokens.put("of another issuer", "eyJhbGciOiJub25lIn0.e30.c2lnbmF0dXJl");
        verifications.set(0);
        return tokens;
    }

    private IssuedKey expired() {
        Clock past = Clock.offset(Clock.systemUTC(), Duration.ofDays(-100));
        try (KeyService then = KeyService.builder(store).clock(past).build()) {
            return issue(then, spec("expired").expiresIn(Duration.ofDays(1)));
        }
    }

    /** Well formed, and in no store. */
    public static String unknownToken() {
        try (KeyService elsewhere =
                KeyService.builder(new InMemoryApiKeyStore()).build()) {
            return issue(elsewhere, spec("nobody")).token().reveal();
        }
    }

    /** The same public id with another secret. */
    public static String withOtherEnd(String token) {
        char last = token.charAt(token.length() - 1);
        return token.substring(0, token.length() - 1) + (last == '0' ? '1' : '0');
    }

    public static IssuedKey issue(KeyService service, KeySpec spec) {
        return service.issue(spec.named(spec.owner().displayId()));
    }

    private static KeySpec spec(String user) {
        return KeySpec.forUser(user, "org_1").mode(Mode.READ);
    }

    @Override
    public void close() {
        service.close();
    }
}
