package dev.apikeys.servlet.internal;

import dev.apikeys.ClientRequest;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import dev.apikeys.OwnerDirectoryUnavailableException;
import dev.apikeys.Rejection;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.Verification;
import dev.apikeys.servlet.RateLimit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies a token and counts the request against the rate of its key. A failure is a result like any other: it refuses.
 *
 * <p>Thread-safe.
 */
public final class TokenCheck {
    private static final Logger LOG = LoggerFactory.getLogger(TokenCheck.class);
    private static final Verification TOO_OFTEN = new Verification.Rejected(Rejection.RATE_LIMITED);

    private final KeyService keys;
    private final @Nullable RateLimit rateLimit;

    /** Verifies with this service, and asks this limit if there is one. */
    public TokenCheck(KeyService keys, @Nullable RateLimit rateLimit) {
        this.keys = keys;
        this.rateLimit = rateLimit;
    }

    /** What came of a token. */
    public sealed interface Result {
        /**
         * The key is valid.
         *
         * @param rate what the client is told about its quota, or null if there is no limit
         */
        record Accepted(KeyPrincipal principal, @Nullable RateLimitFields rate) implements Result {}

        /**
         * The request is not allowed.
         *
         * @param problem the answer
         * @param reason for the log, by its {@code toString}
         */
        record Refused(Problem problem, Object reason) implements Result {}
    }

    /** Verifies the token, once per request: asking counts against the key's rate limit and notes its use. */
    public Result check(String token, ClientRequest request) {
        try {
            return result(keys.verify(token, request), request);
        } catch (Throwable failure) {
            return failed(failure);
        }
    }

    /** The same from memory alone: it waits for nobody, and what memory can't tell is unavailable. */
    public Result checkIfKnown(String token, ClientRequest request) {
        try {
            Verification known = keys.verifyIfKnown(token, request);
            return known == null ? new Result.Refused(Problem.UNAVAILABLE, "NOT_IN_MEMORY") : result(known, request);
        } catch (Throwable failure) {
            return failed(failure);
        }
    }

    private Result result(Verification verification, ClientRequest request) {
        return verification instanceof Verification.Accepted accepted
                ? withinRate(accepted.principal(), request)
                : new Result.Refused(Problem.INVALID_TOKEN, verification);
    }

    /** Kept like any other result: a later dispatch of the request must not try again. */
    private static Result failed(Throwable failure) {
        if (failure instanceof StoreUnavailableException) {
            return new Result.Refused(Problem.UNAVAILABLE, "STORE_UNAVAILABLE");
        }
        return failure instanceof OwnerDirectoryUnavailableException
                ? new Result.Refused(Problem.UNAVAILABLE, "OWNER_DIRECTORY_UNAVAILABLE")
                : new Result.Refused(FailureLog.deny(LOG, failure), "FAULT");
    }

    private Result withinRate(KeyPrincipal principal, ClientRequest request) {
        if (rateLimit == null) {
            return new Result.Accepted(principal, null);
        }
        RateLimit.Decision decision = rateLimit.tryConsume(principal);
        if (decision instanceof RateLimit.Decision.Refused refused) {
            keys.rateLimited(principal, request);
            return new Result.Refused(RateLimitFields.problem(refused), TOO_OFTEN);
        }
        return new Result.Accepted(principal, RateLimitFields.of(decision));
    }
}
