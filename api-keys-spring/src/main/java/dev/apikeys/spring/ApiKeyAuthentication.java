package dev.apikeys.spring;

import dev.apikeys.KeyPrincipal;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.Transient;

/**
 * A request that was authenticated by an API key. Its principal is the {@link KeyPrincipal}, its authorities are
 * {@code SCOPE_} and each declared scope that the key may use, see {@link ScopeAuthorities}.
 *
 * <p>It is good for one request: Spring Security keeps it in no session, and it can't be serialized.
 *
 * <p>Thread-safe.
 */
@Transient
public final class ApiKeyAuthentication implements Authentication {
    private static final long serialVersionUID = 1L;

    private final transient KeyPrincipal principal;
    private final transient ScopeAuthorities scopes;
    private transient @Nullable Collection<GrantedAuthority> authorities;
    private volatile boolean authenticated = true;

    ApiKeyAuthentication(KeyPrincipal principal, ScopeAuthorities scopes) {
        this.principal = principal;
        this.scopes = scopes;
    }

    /**
     * An authentication as a request with a key gets it; for tests.
     *
     * @param declared the scopes that the application asks for
     */
    public static ApiKeyAuthentication of(KeyPrincipal principal, ScopeAuthorities declared) {
        return new ApiKeyAuthentication(principal, declared);
    }

    /** Made when somebody asks: rules about scopes and about authentication alone need none. */
    @Override
    public Collection<GrantedAuthority> getAuthorities() {
        Collection<GrantedAuthority> made = authorities;
        if (made == null) {
            made = scopes.of(principal.scopes());
            authorities = made;
        }
        return made;
    }

    /** The secret is not kept: always empty. */
    @Override
    public Object getCredentials() {
        return "";
    }

    /** The id of the key, for logs. */
    @Override
    public Object getDetails() {
        return principal.keyId();
    }

    @Override
    public KeyPrincipal getPrincipal() {
        return principal;
    }

    /** The user that the key acts for, or the organization if there is no user. */
    @Override
    public String getName() {
        return principal.getName();
    }

    /** Tells whether the key may do what the scope names, such as {@code read:systems}. */
    public boolean allows(String scope) {
        return authenticated && principal.scopes().allows(scope);
    }

    @Override
    public boolean isAuthenticated() {
        return authenticated;
    }

    /**
     * Ends the authentication.
     *
     * @throws IllegalArgumentException when it is set to true
     */
    @Override
    public void setAuthenticated(boolean isAuthenticated) {
        if (isAuthenticated) {
            throw new IllegalArgumentException("an API key is verified by its KeyService only");
        }
        authenticated = false;
    }

    /** Name and id of the key. */
    @Override
    public String toString() {
        return "ApiKeyAuthentication[" + principal.getName() + ", key " + principal.keyId() + "]";
    }

    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException("an authentication by API key ends with its request");
    }
}
