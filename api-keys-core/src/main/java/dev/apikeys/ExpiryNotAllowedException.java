package dev.apikeys;

import java.time.Instant;

/** The policy doesn't allow the new expiry of the key, and nothing was written. */
public final class ExpiryNotAllowedException extends ApiKeyException {
    private static final long serialVersionUID = 1L;

    ExpiryNotAllowedException(Instant end) {
        super(
                "a key's expiry can move to a time between now and the present one, and later only where the policy allows"
                        + " it: " + end);
    }
}
