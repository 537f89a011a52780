package dev.apikeys.servlet;

import dev.apikeys.ClientRequest;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import dev.apikeys.OwnerDirectoryUnavailableException;
import dev.apikeys.Rejection;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.Verification;
import dev.apikeys.servlet.RequestState.Identity;
import dev.apikeys.servlet.internal.Credentials;
import dev.apikeys.servlet.internal.FailureLog;
import dev.apikeys.servlet.internal.Problem;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out who sent a request, by the credential that it carries.
 *
 * <p>Thread-safe.
 */
final class Identification {
    private static final Logger LOG = LoggerFactory.getLogger(Identification.class);
    private static final Identity PASSED_ON = new Identity.PassedOn();
    private static final Identity NOBODY = new Identity.Stranger(Problem.NO_CREDENTIAL, "NO_CREDENTIAL");
    private static final Identity SEVERAL = new Identity.Stranger(Problem.SEVERAL_CREDENTIALS, "SEVERAL_CREDENTIALS");
    private static final Identity OTHER_TOKEN = new Identity.Stranger(Problem.INVALID_TOKEN, "OTHER_TOKEN");
    private static final Verification TOO_OFTEN = new Verification.Rejected(Rejection.RATE_LIMITED);

    private final KeyService keys;
    private final ClientAddress clientAddress;
    private final boolean othersPass;
    private final CredentialPlaces places;
    private final @Nullable RateLimit rateLimit;

    Identification(ApiKeyFilterBuilder settings) {
        this.keys = settings.keys;
        this.clientAddress = settings.clientAddress;
        this.othersPass = settings.othersPass;
        this.places = settings.places;
        this.rateLimit = settings.rateLimit;
    }

    /**
     * Reads and verifies the credential.
     *
     * @param path for the audit trail
     */
    Identity of(HttpServletRequest request, String path) {
        Credentials credentials = Credentials.read(request, keys.tokenFormat(), places);
        if (credentials instanceof Credentials.One one) {
            return verify(one.token(), new ClientRequest(clientAddress.of(request), request.getMethod(), path));
        }
        if (credentials == Credentials.SEVERAL) {
            return SEVERAL;
        }
        if (othersPass) {
            return PASSED_ON;
        }
        return credentials == Credentials.OTHER_TOKEN ? OTHER_TOKEN : NOBODY;
    }

    private Identity verify(String token, ClientRequest request) {
        try {
            Verification verification = keys.verify(token, request);
            if (verification instanceof Verification.Accepted accepted) {
                return withinRate(accepted.principal(), request);
            }
            return new Identity.Stranger(Problem.INVALID_TOKEN, verification);
        } catch (StoreUnavailableException failure) {
            return new Identity.Stranger(Problem.UNAVAILABLE, "STORE_UNAVAILABLE");
        } catch (OwnerDirectoryUnavailableException failure) {
            return new Identity.Stranger(Problem.UNAVAILABLE, "OWNER_DIRECTORY_UNAVAILABLE");
        } catch (Throwable failure) {
            // Kept like any other result: a later dispatch of the request must not try again.
            return new Identity.Stranger(FailureLog.deny(LOG, failure), "FAULT");
        }
    }

    private Identity withinRate(KeyPrincipal principal, ClientRequest request) {
        if (rateLimit == null) {
            return new Identity.Holder(principal, null);
        }
        RateLimit.Decision decision = rateLimit.tryConsume(principal);
        if (decision instanceof RateLimit.Decision.Refused refused) {
            keys.rateLimited(principal, request);
            return new Identity.Stranger(RateLimitFields.problem(refused), TOO_OFTEN);
        }
        return new Identity.Holder(principal, RateLimitFields.of(decision));
    }
}
