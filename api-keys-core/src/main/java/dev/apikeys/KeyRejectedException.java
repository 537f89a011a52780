package dev.apikeys;

/** Thrown by {@link Verification#orElseThrow()} for a rejected token. */
public final class KeyRejectedException extends ApiKeyException {
    private static final long serialVersionUID = 1L;

    private final Rejection reason;

    KeyRejectedException(Rejection reason) {
        super("the API key was refused");
        this.reason = reason;
    }

    /** The reason. Don't show it to an unauthenticated caller. */
    public Rejection reason() {
        return reason;
    }
}
