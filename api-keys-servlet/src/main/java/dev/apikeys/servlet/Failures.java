package dev.apikeys.servlet;

import dev.apikeys.ApiKeyException;
import dev.apikeys.ConcurrentChangeException;
import dev.apikeys.InvalidKeyStateException;
import dev.apikeys.KeyLimitExceededException;
import dev.apikeys.KeyNotFoundException;
import dev.apikeys.KeyStatus;
import dev.apikeys.NameTakenException;
import dev.apikeys.OwnerDirectoryUnavailableException;
import dev.apikeys.OwnerInactiveException;
import dev.apikeys.ScopeNotGrantableException;
import dev.apikeys.StoreUnavailableException;
import java.util.List;

/** What an exception of the core means to a caller: one place for every command. */
final class Failures {
    private Failures() {}

    /** {@link Failure.Plain#INTERNAL} for whatever no caller should be able to cause. */
    static Failure of(Throwable thrown) {
        if (!(thrown instanceof ApiKeyException)) {
            return Failure.Plain.INTERNAL;
        }
        if (thrown instanceof KeyLimitExceededException full) {
            return new Failure.LimitReached(full.limit());
        }
        if (thrown instanceof InvalidKeyStateException state) {
            // A revoked key is gone for good: revoking it once more, or changing it, finds nothing.
            return state.status() == KeyStatus.REVOKED ? Failure.Plain.KEY_NOT_FOUND : Failure.Plain.CONFLICT;
        }
        if (thrown instanceof NameTakenException) {
            return Failure.Plain.NAME_TAKEN;
        }
        if (thrown instanceof ScopeNotGrantableException beyond) {
            return new Failure.Invalid(List.of(new Violation(
                    Field.SCOPES, Violation.Code.NOT_GRANTABLE, beyond.refused().toString(), Route.Source.BODY)));
        }
        if (thrown instanceof KeyNotFoundException) {
            return Failure.Plain.KEY_NOT_FOUND;
        }
        if (thrown instanceof OwnerInactiveException) {
            return Failure.Plain.FORBIDDEN;
        }
        if (thrown instanceof ConcurrentChangeException) {
            return Failure.Plain.CONFLICT;
        }
        if (thrown instanceof StoreUnavailableException store) {
            return store.isTimeout() ? Failure.Plain.STORE_TIMED_OUT : Failure.Plain.UNAVAILABLE;
        }
        return thrown instanceof OwnerDirectoryUnavailableException
                ? Failure.Plain.IDENTITY_FAILED
                : Failure.Plain.INTERNAL;
    }
}
