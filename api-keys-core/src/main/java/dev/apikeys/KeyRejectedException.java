package dev.apikeys;

/** What {@link Verification#orElseThrow()} throws for a refused token. */
public final class KeyRejectedException extends ApiKeyException {
    private static final long serialVersionUID = 1L;

    private final Rejection reason;

    KeyRejectedException(Rejection reason) {
        super("the API key was refused");
        this.reason = reason;
    }

    /** Why; not for the eyes of an unauthenticated caller. */
    public Rejection reason() {
        return reason;
    }
}
