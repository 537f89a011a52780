package dev.apikeys.spring;

import dev.apikeys.servlet.internal.Problem;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.web.server.util.matcher.MediaTypeServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher.MatchResult;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Answers denied requests with a key, and those without a credential that ask for no page. All others are for the entry
 * points of the chain, such as a login page, and for its handler of denials.
 *
 * <p>Immutable and thread-safe.
 */
final class ReactiveAnswers implements WebFilter {
    private static final AuthenticationTrustResolver TRUST = new AuthenticationTrustResolverImpl();

    private final ServerWebExchangeMatcher page = page();

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return chain.filter(exchange)
                .onErrorResume(
                        AccessDeniedException.class,
                        denied -> ReactiveSecurityContextHolder.getContext()
                                .mapNotNull(SecurityContext::getAuthentication)
                                .map(Optional::of)
                                .defaultIfEmpty(Optional.empty())
                                .flatMap(who -> answer(exchange, denied, who)));
    }

    private Mono<Void> answer(ServerWebExchange exchange, AccessDeniedException denied, Optional<Authentication> who) {
        if (who.isPresent() && who.get() instanceof ApiKeyAuthentication) {
            return ProblemAnswer.send(exchange, problem(denied));
        }
        if (who.isPresent() && !TRUST.isAnonymous(who.get())) {
            return Mono.error(denied);
        }
        return wantsPage(exchange)
                .flatMap(wanted -> wanted ? Mono.error(denied) : ProblemAnswer.send(exchange, Problem.NO_CREDENTIAL));
    }

    private static Problem problem(AccessDeniedException denied) {
        return denied instanceof AuthorizationDeniedException decided
                        && decided.getAuthorizationResult() instanceof ScopeDecision decision
                ? Problem.scopeMissing(decision.scope())
                : Problem.NO_RULE;
    }

    private Mono<Boolean> wantsPage(ServerWebExchange exchange) {
        boolean isScript =
                "XMLHttpRequest".equals(exchange.getRequest().getHeaders().getFirst("X-Requested-With"));
        return isScript ? Mono.just(false) : page.matches(exchange).map(MatchResult::isMatch);
    }

    private static ServerWebExchangeMatcher page() {
        MediaTypeServerWebExchangeMatcher page =
                new MediaTypeServerWebExchangeMatcher(MediaType.TEXT_HTML, MediaType.APPLICATION_XHTML_XML);
        page.setIgnoredMediaTypes(Set.of(MediaType.ALL));
        return page;
    }
}
