package dev.apikeys.spring;

import dev.apikeys.servlet.internal.Problem;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.WebFilterExchange;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Hides {@code Authorization} from the filter for other bearer tokens, which would refuse the key in it. */
final class HiddenHeader {
    private static final String EXCHANGE = HiddenHeader.class.getName();

    private HiddenHeader() {}

    /** Goes on without the header, once the key in it was verified. */
    static Mono<Void> hide(WebFilterExchange filter, Authentication authentication) {
        ServerWebExchange exchange = filter.getExchange();
        exchange.getResponse().getHeaders().add("Vary", Problem.VARY);
        exchange.getAttributes().put(EXCHANGE, exchange);
        HttpHeaders others = new HttpHeaders();
        // Spring 6 and 7 have no method to remove a header in common.
        exchange.getRequest().getHeaders().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("Authorization")) {
                values.forEach(value -> others.add(name, value));
            }
        });
        ServerHttpRequest hidden = new ServerHttpRequestDecorator(exchange.getRequest()) {
            @Override
            public HttpHeaders getHeaders() {
                return others;
            }
        };
        return filter.getChain().filter(exchange.mutate().request(hidden).build());
    }

    /** Goes on with the request as it came. */
    static Mono<Void> reveal(ServerWebExchange exchange, WebFilterChain chain) {
        return chain.filter(
                exchange.getAttribute(EXCHANGE) instanceof ServerWebExchange original ? original : exchange);
    }
}
