package dev.apikeys;

/** The grant has scopes that the owner may not grant, and nothing was written. */
public final class ScopeNotGrantableException extends ApiKeyException {
    private static final long serialVersionUID = 1L;

    private final transient Scopes refused;

    ScopeNotGrantableException(Scopes refused) {
        super("the owner may not grant: " + refused);
        this.refused = refused;
    }

    /** The scopes that the owner may not grant. */
    public Scopes refused() {
        return refused;
    }
}
