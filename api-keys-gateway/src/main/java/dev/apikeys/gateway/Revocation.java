package dev.apikeys.gateway;

import dev.apikeys.Actor;
import dev.apikeys.ClientRequest;
import dev.apikeys.Freshness;
import dev.apikeys.InvalidKeyStateException;
import dev.apikeys.KeyNotFoundException;
import dev.apikeys.KeyOptions.SelfRevocation;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.OwnerDirectoryUnavailableException;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.Verification;
import dev.apikeys.servlet.internal.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/**
 * Revokes the key whose token is sent (RFC 7009), if it may revoke itself. Whoever has a token could use it, so having it is
 * enough. A token that is not valid has nothing to revoke, and gets the answer of a revocation (section 2.2).
 *
 * <p>Thread-safe.
 */
final class Revocation implements Endpoint {
    private static final Problem NOT_BY_ITSELF =
            Problem.of(400, "unsupported_token_type", "the API key may not revoke itself");

    private final KeyService keys;
    private final TrustedGateways trusted;

    Revocation(KeyService keys, TrustedGateways trusted) {
        this.keys = keys;
        this.trusted = trusted;
    }

    @Override
    public List<String> methods() {
        return Endpoint.POST;
    }

    @Override
    public void answer(HttpServletRequest request, HttpServletResponse response, String below) throws IOException {
        TokenForm form = TokenForm.read(request);
        String token = form.token();
        if (token == null) {
            Replies.send(form.problem(), request, response);
            return;
        }
        ClientRequest from = trusted.asking(request);
        try {
            if (keys.verify(token, from, Freshness.CONFIRMED) instanceof Verification.Accepted accepted
                    && !revoke(accepted.principal(), from)) {
                Replies.send(NOT_BY_ITSELF, request, response);
                return;
            }
        } catch (StoreUnavailableException | OwnerDirectoryUnavailableException away) {
            Replies.send(Problem.UNAVAILABLE, request, response);
            return;
        }
        response.setContentLength(0);
    }

    /** Tells whether the key is revoked now. */
    private boolean revoke(KeyPrincipal principal, ClientRequest from) {
        KeyRef ref = KeyRef.of(principal.keyId());
        boolean isAllowed = keys.find(ref)
                .filter(key -> key.options().selfRevocation() == SelfRevocation.ALLOWED)
                .isPresent();
        if (isAllowed) {
            try {
                keys.revoke(ref, new Actor(principal.getName(), from), "by its holder");
            } catch (InvalidKeyStateException | KeyNotFoundException revokedMeanwhile) {
                return true;
            }
        }
        return isAllowed;
    }
}
