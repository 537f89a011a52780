package dev.apikeys.gateway;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The gateways that can ask by forward authentication. They differ in how they tell the method and the path of the client's
 * request. What a gateway does not write itself, a client could have written, so only the form of the chosen gateway is read.
 */
public enum Gateway {
    /** nginx with {@code auth_request}: {@code X-Original-Method} and {@code X-Original-URI}, which its configuration sets. */
    NGINX("X-Original-Method", "X-Original-URI"),

    /** Caddy with {@code forward_auth}: {@code X-Forwarded-Method} and {@code X-Forwarded-Uri}. */
    CADDY("X-Forwarded-Method", "X-Forwarded-Uri"),

    /** Traefik with ForwardAuth: {@code X-Forwarded-Method} and {@code X-Forwarded-Uri}. */
    TRAEFIK("X-Forwarded-Method", "X-Forwarded-Uri"),

    /** HAProxy with a Lua action, as in the example: {@code X-Forwarded-Method} and {@code X-Forwarded-Uri}. */
    HAPROXY("X-Forwarded-Method", "X-Forwarded-Uri"),

    /** Envoy with {@code ext_authz} over HTTP: the method of the call, and the path behind {@code /auth}. */
    ENVOY(null, null);

    private final @Nullable String methodHeader;
    private final @Nullable String uriHeader;

    Gateway(@Nullable String methodHeader, @Nullable String uriHeader) {
        this.methodHeader = methodHeader;
        this.uriHeader = uriHeader;
    }

    /** The two headers; empty if the line of the request tells both. */
    Optional<Headers> headers() {
        return methodHeader == null
                ? Optional.empty()
                : Optional.of(new Headers(methodHeader, Objects.requireNonNull(uriHeader)));
    }

    /** The names of the headers that tell the method and the path with its query. */
    record Headers(String method, String uri) {}
}
