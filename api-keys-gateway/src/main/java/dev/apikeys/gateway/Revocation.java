package dev.apikeys.gateway;

import dev.apikeys.Actor;
import dev.apikeys.ApiKey;
import dev.apikeys.ClientRequest;
import dev.apikeys.Freshness;
import dev.apikeys.InvalidKeyStateException;
import dev.apikeys.KeyNotFoundException;
import dev.apikeys.KeyOptions.SelfRevocation;
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
import java.util.Optional;

/**
 * Revokes the key whose token is sent (RFC 7009), if it may revoke itself. Whoever has a token could use it, now or later,
 * here or elsewhere, so having it is enough. A token that is not valid has nothing to revoke, and gets the answer of a
 * revocation (section 2.2).
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
            Optional<ApiKey> key = keyOf(token, keys.verify(token, from, Freshness.CONFIRMED));
            if (key.isPresent() && !revoke(key.get(), from)) {
                Replies.send(NOT_BY_ITSELF, request, response);
                return;
            }
        } catch (StoreUnavailableException | OwnerDirectoryUnavailableException away) {
            Replies.send(Problem.UNAVAILABLE, request, response);
            return;
        }
        response.setContentLength(0);
    }

    /** The key of a token that works, or that another state of the key, its owner or the caller's place would let work. */
    private Optional<ApiKey> keyOf(String token, Verification answer) {
        if (answer instanceof Verification.Accepted accepted) {
            return keys.find(accepted.principal().keyId());
        }
        return switch (((Verification.Rejected) answer).reason()) {
            case PAUSED, OWNER_INACTIVE, IP_NOT_ALLOWED -> keys.findByToken(token);
            default -> Optional.empty();
        };
    }

    /** Tells whether the key is revoked now. */
    private boolean revoke(ApiKey key, ClientRequest from) {
        boolean isAllowed = key.options().selfRevocation() == SelfRevocation.ALLOWED;
        if (isAllowed) {
            try {
                keys.revoke(KeyRef.of(key.id()), new Actor(key.owner().displayId(), from), "by its holder");
            } catch (InvalidKeyStateException | KeyNotFoundException revokedMeanwhile) {
                return true;
            }
        }
        return isAllowed;
    }
}
