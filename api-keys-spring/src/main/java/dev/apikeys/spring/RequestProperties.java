package dev.apikeys.spring;

import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.servlet.CredentialPlaces;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How keys are read from requests.
 *
 * <p>Immutable and thread-safe.
 *
 * @param trustedProxies addresses and blocks of the proxies whose X-Forwarded-For is believed, or Forwarded where there is
 *     none
 * @param queryParameter the query parameter in which a key is accepted too; none by default, because query strings end up
 *     in logs
 * @param rateLimit how often each key may be used; needs bucket4j_jdk17-core; not in WebFlux
 * @param observeKeyId whether the key id becomes an attribute api_key.id of the span of each request
 */
@ConfigurationProperties("apikeys.request")
public record RequestProperties(
        @DefaultValue List<String> trustedProxies,
        @Nullable String queryParameter,
        @Nullable RateLimitProperties rateLimit,
        @DefaultValue("false") boolean observeKeyId) {
    /** Copies the list. */
    public RequestProperties {
        trustedProxies = List.copyOf(trustedProxies);
    }

    ClientAddress toClientAddress() {
        return trustedProxies.isEmpty()
                ? ClientAddress.direct()
                : Setting.apply(
                        "apikeys.request.trusted-proxies",
                        trustedProxies,
                        proxies -> ClientAddress.behindProxies(proxies.toArray(String[]::new)));
    }

    CredentialPlaces toCredentialPlaces() {
        return queryParameter == null
                ? CredentialPlaces.DEFAULT
                : Setting.apply(
                        "apikeys.request.query-parameter", queryParameter, CredentialPlaces.DEFAULT::queryParameter);
    }

    /**
     * The quota of each key, counted by each node for itself.
     *
     * @param requests how many requests a key may send in a period; needed for a limit
     * @param period the period; at least a second
     * @param burst how many requests may come at once; as many as in a period by default
     */
    public record RateLimitProperties(
            @Nullable Long requests,
            @DefaultValue("1s") Duration period,
            @Nullable Long burst) {}
}
