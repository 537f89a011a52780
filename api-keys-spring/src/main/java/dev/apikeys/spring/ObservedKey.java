package dev.apikeys.spring;

import dev.apikeys.KeyPrincipal;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.filter.ServerHttpObservationFilter;
import org.springframework.web.server.ServerWebExchange;

/** The id of the key as an attribute of the request's span alone: a metric would get a time series for each key. */
final class ObservedKey {
    private static final String ATTRIBUTE = "api_key.id";

    private ObservedKey() {}

    /** In a servlet container. */
    static void observe(HttpServletRequest request, KeyPrincipal principal) {
        ServerHttpObservationFilter.findObservationContext(request).ifPresent(context -> add(context, principal));
    }

    /** In WebFlux. */
    static void observe(ServerWebExchange exchange, KeyPrincipal principal) {
        ServerRequestObservationContext.findCurrent(exchange.getAttributes())
                .ifPresent(context -> add(context, principal));
    }

    private static void add(Observation.Context context, KeyPrincipal principal) {
        context.addHighCardinalityKeyValue(
                KeyValue.of(ATTRIBUTE, principal.keyId().toString()));
    }
}
