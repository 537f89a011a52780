package dev.apikeys.spring;

import dev.apikeys.ClientRequest;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;

/** A token that isn't verified yet. Not authenticated, and not for serialization. */
final class PresentedKey extends AbstractAuthenticationToken {
    private static final long serialVersionUID = 1L;

    private final transient String token;
    private final transient ClientRequest request;

    PresentedKey(String token, ClientRequest request) {
        super(AuthorityUtils.NO_AUTHORITIES);
        this.token = token;
        this.request = request;
    }

    String token() {
        return token;
    }

    ClientRequest request() {
        return request;
    }

    /** Not shown: it is a secret. */
    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public Object getPrincipal() {
        return "presented API key";
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /** Doesn't show the token. */
    @Override
    public String toString() {
        return "PresentedKey[***]";
    }
}
