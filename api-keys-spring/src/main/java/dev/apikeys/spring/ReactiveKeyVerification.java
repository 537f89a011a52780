package dev.apikeys.spring;

import dev.apikeys.KeyService;
import dev.apikeys.OwnerDirectoryUnavailableException;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.Verification;
import dev.apikeys.servlet.internal.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.core.Authentication;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Verifies keys without blocking the event loop: from memory at once, all else on a thread that may wait.
 *
 * <p>Thread-safe.
 */
final class ReactiveKeyVerification implements ReactiveAuthenticationManager {
    private static final Logger LOG = LoggerFactory.getLogger(ReactiveKeyVerification.class);

    private final KeyService keys;
    private final ScopeAuthorities scopes;

    ReactiveKeyVerification(KeyService keys, ScopeAuthorities scopes) {
        this.keys = keys;
        this.scopes = scopes;
    }

    @Override
    public Mono<Authentication> authenticate(Authentication authentication) {
        if (!(authentication instanceof PresentedKey key)) {
            return Mono.empty();
        }
        // A client that goes away cancels nothing: others with the same key may wait for the same answer of the store.
        return Mono.fromFuture(
                        () -> keys.verifyAsync(key.token(), key.request(), Schedulers.boundedElastic()::schedule)
                                .toCompletableFuture(),
                        true)
                .onErrorMap(
                        ReactiveKeyVerification::isUnavailable, away -> new KeyRefusedException(Problem.UNAVAILABLE))
                .flatMap(this::decide);
    }

    private Mono<Authentication> decide(Verification verification) {
        if (verification instanceof Verification.Accepted accepted) {
            return Mono.just(new ApiKeyAuthentication(accepted.principal(), scopes));
        }
        LOG.debug("refused with {}: {}", Problem.INVALID_TOKEN.status(), verification);
        return Mono.error(new KeyRefusedException(Problem.INVALID_TOKEN));
    }

    private static boolean isUnavailable(Throwable failure) {
        return failure instanceof StoreUnavailableException || failure instanceof OwnerDirectoryUnavailableException;
    }
}
