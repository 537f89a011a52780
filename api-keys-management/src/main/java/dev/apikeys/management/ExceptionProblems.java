package dev.apikeys.management;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKeyException;
import dev.apikeys.ConcurrentChangeException;
import dev.apikeys.ExpiryNotAllowedException;
import dev.apikeys.InvalidKeyStateException;
import dev.apikeys.KeyLimitExceededException;
import dev.apikeys.KeyNotFoundException;
import dev.apikeys.NameTakenException;
import dev.apikeys.OwnerDirectoryUnavailableException;
import dev.apikeys.OwnerInactiveException;
import dev.apikeys.ScopeNotGrantableException;
import dev.apikeys.StoreUnavailableException;
import java.util.List;

/** Maps exceptions of the core to problems, for every command. */
final class ExceptionProblems {
    private ExceptionProblems() {}

    /** {@link ManagementProblem.Plain#INTERNAL} for exceptions that no caller should be able to cause. */
    static ManagementProblem of(Throwable thrown) {
        if (!(thrown instanceof ApiKeyException)) {
            return ManagementProblem.Plain.INTERNAL;
        }
        if (thrown instanceof KeyLimitExceededException full) {
            return new ManagementProblem.LimitReached(full.limit());
        }
        if (thrown instanceof InvalidKeyStateException state) {
            // A revoked key is not found: it can't be revoked again or changed.
            return state.status() == ApiKey.Status.REVOKED
                    ? ManagementProblem.Plain.KEY_NOT_FOUND
                    : ManagementProblem.Plain.CONFLICT;
        }
        if (thrown instanceof NameTakenException) {
            return ManagementProblem.Plain.NAME_TAKEN;
        }
        if (thrown instanceof ScopeNotGrantableException beyond) {
            return new ManagementProblem.Invalid(List.of(new Violation(
                    Field.SCOPES, Violation.Code.NOT_GRANTABLE, beyond.refused().toString(), Route.Source.BODY, null)));
        }
        if (thrown instanceof ExpiryNotAllowedException) {
            return new ManagementProblem.Invalid(
                    List.of(new Violation(Field.EXPIRES_AT, Violation.Code.OUT_OF_RANGE, "", Route.Source.BODY, null)));
        }
        if (thrown instanceof KeyNotFoundException) {
            return ManagementProblem.Plain.KEY_NOT_FOUND;
        }
        if (thrown instanceof OwnerInactiveException) {
            return ManagementProblem.Plain.FORBIDDEN;
        }
        if (thrown instanceof ConcurrentChangeException) {
            return ManagementProblem.Plain.CONFLICT;
        }
        if (thrown instanceof StoreUnavailableException store) {
            return store.isTimeout() ? ManagementProblem.Plain.STORE_TIMED_OUT : ManagementProblem.Plain.UNAVAILABLE;
        }
        return thrown instanceof OwnerDirectoryUnavailableException
                ? ManagementProblem.Plain.IDENTITY_FAILED
                : ManagementProblem.Plain.INTERNAL;
    }
}
