package dev.apikeys.spring.test;

import dev.apikeys.Freshness;
import dev.apikeys.Grant;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.Owner;
import dev.apikeys.ScopePolicy;
import dev.apikeys.Scopes;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.spring.ApiKeyAuthentication;
import dev.apikeys.spring.ScopeAuthorities;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who comes with a key in a test. There is no key behind it, and nothing is verified.
 *
 * <p>Immutable and thread-safe: every method gives a new value.
 *
 * @param user whom the key acts for
 * @param organization the user's organization, or null
 * @param scopes what the key may do
 */
record KeyHolder(String user, @Nullable String organization, Scopes scopes) {
    static final KeyHolder DEFAULT = new KeyHolder("user", null, Scopes.ALL);

    KeyHolder user(String another) {
        return new KeyHolder(another, organization, scopes);
    }

    KeyHolder organization(String another) {
        return new KeyHolder(user, another, scopes);
    }

    KeyHolder scopes(String... others) {
        return new KeyHolder(user, organization, Scopes.of(others));
    }

    /** As a request with such a key has it; each declared scope that the key may use is an authority. */
    ApiKeyAuthentication authentication(@Nullable ScopeAuthorities declared) {
        KeyPrincipal principal = new KeyPrincipal(
                UUID.randomUUID(),
                "0".repeat(24),
                KeyKind.PERSONAL,
                new Owner(user, organization, null),
                "test",
                ScopePolicy.DEFAULT.effective(new Grant.ByScopes(scopes), Scopes.ALL),
                McpPolicy.DEFAULT,
                null,
                Freshness.CONFIRMED);
        return ApiKeyAuthentication.of(
                principal, declared == null ? ScopeAuthorities.declaring(Scopes.NONE) : declared);
    }
}
