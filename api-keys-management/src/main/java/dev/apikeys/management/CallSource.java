package dev.apikeys.management;

import dev.apikeys.management.CsrfTokens.CsrfToken;
import java.util.Optional;

/** What a command may still ask of the request that it answers. */
interface CallSource {
    /** For calls with a key: nobody is logged in. */
    CallSource WITHOUT_SESSION = new CallSource() {
        @Override
        public Result<Caller.Session> sessionNow() {
            return Result.failed(ManagementProblem.Plain.UNAUTHENTICATED);
        }

        @Override
        public Optional<CsrfToken> csrfToken() {
            return Optional.empty();
        }
    };

    /** Resolves the session again. */
    Result<Caller.Session> sessionNow();

    /** The token that the host wants in calls that change something; empty if it wants none. */
    Optional<CsrfToken> csrfToken();
}
