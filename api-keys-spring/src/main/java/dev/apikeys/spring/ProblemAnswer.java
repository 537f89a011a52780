package dev.apikeys.spring;

import dev.apikeys.servlet.internal.Problem;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Writes the answers of the contract in WebFlux. */
final class ProblemAnswer {
    private ProblemAnswer() {}

    static Mono<Void> send(ServerWebExchange exchange, Problem problem) {
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(HttpStatusCode.valueOf(problem.status()));
        response.getHeaders().add("Vary", Problem.VARY);
        problem.headers().forEach(response.getHeaders()::set);
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(problem.body())));
    }
}
