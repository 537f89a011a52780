package dev.apikeys.servlet;

import dev.apikeys.ClientRequest;
import dev.apikeys.KeyService;
import dev.apikeys.servlet.RequestState.Identity;
import dev.apikeys.servlet.internal.Credentials;
import dev.apikeys.servlet.internal.Problem;
import dev.apikeys.servlet.internal.TokenCheck;
import jakarta.servlet.http.HttpServletRequest;

/**
 * Finds out who sent a request, by the credential that it carries.
 *
 * <p>Thread-safe.
 */
final class Identification {
    private static final Identity PASSED_ON = new Identity.PassedOn();
    private static final Identity NOBODY = new Identity.Stranger(Problem.NO_CREDENTIAL, "NO_CREDENTIAL");
    private static final Identity SEVERAL = new Identity.Stranger(Problem.SEVERAL_CREDENTIALS, "SEVERAL_CREDENTIALS");
    private static final Identity OTHER_TOKEN = new Identity.Stranger(Problem.INVALID_TOKEN, "OTHER_TOKEN");

    private final KeyService keys;
    private final ClientAddress clientAddress;
    private final boolean othersPass;
    private final CredentialPlaces places;
    private final TokenCheck check;

    Identification(ApiKeyFilterBuilder settings) {
        this.keys = settings.keys;
        this.clientAddress = settings.clientAddress;
        this.othersPass = settings.othersPass;
        this.places = settings.places;
        this.check = new TokenCheck(settings.keys, settings.rateLimit);
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
        TokenCheck.Result result = check.check(token, request);
        if (result instanceof TokenCheck.Result.Accepted accepted) {
            return new Identity.Holder(accepted.principal(), accepted.rate());
        }
        TokenCheck.Result.Refused refused = (TokenCheck.Result.Refused) result;
        return new Identity.Stranger(refused.problem(), refused.reason());
    }
}
