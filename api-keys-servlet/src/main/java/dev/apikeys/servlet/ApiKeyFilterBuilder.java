package dev.apikeys.servlet;

import dev.apikeys.KeyService;
import dev.apikeys.Scope;
import dev.apikeys.servlet.PathRules.Demand;
import dev.apikeys.servlet.PathRules.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an {@link ApiKeyFilter}, above all its rules. Rules are tried in the order in which they were added.
 * The first matching rule decides. A request without a matching rule is denied.
 *
 * <p>A rule has a method in capitals, or {@code *} for every method. {@code HEAD} is decided as {@code GET}. Its path
 * pattern is compared, case-sensitively, with the path below the context as the container decoded it. A pattern has
 * whole segments, {@code *} or {@code {name}} for any one segment, and {@code /**} at the end for the path itself and
 * everything below it. A rule that requires a key also matches the path with a slash at its end.
 *
 * <p>Not thread-safe.
 */
public final class ApiKeyFilterBuilder {
    final KeyService keys;
    final List<Rule> rules = new ArrayList<>();
    ClientAddress clientAddress = ClientAddress.direct();
    boolean othersPass;

    CredentialPlaces places = CredentialPlaces.DEFAULT;

    @Nullable
    Cors cors;

    @Nullable
    RateLimit rateLimit;

    ApiKeyFilterBuilder(KeyService keys) {
        this.keys = Objects.requireNonNull(keys, "keys");
    }

    /**
     * Allows keys that have a scope.
     *
     * @param method for example {@code GET}, or {@code *}
     * @param pathPattern for example {@code /systems/**}
     * @param scope {@code verb:resource}; a wildcard requires everything that it stands for
     * @throws IllegalArgumentException if one of them is malformed, or an earlier rule already matches everything that
     *     this one matches
     */
    public ApiKeyFilterBuilder require(String method, String pathPattern, String scope) {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(pathPattern, "pathPattern");
        Objects.requireNonNull(scope, "scope");
        return add(method, pathPattern, Demand.KeyWith.of(Scope.parse(scope)));
    }

    /**
     * Allows every valid key.
     *
     * @param method for example {@code GET}, or {@code *}
     * @param pathPattern for example {@code /systems/**}
     * @throws IllegalArgumentException if one of them is malformed, or an earlier rule already matches everything that
     *     this one matches
     */
    public ApiKeyFilterBuilder requireKey(String method, String pathPattern) {
        return add(method, pathPattern, new Demand.AnyKey());
    }

    /**
     * Allows everybody. The credential isn't read, and there is no principal.
     *
     * @param method for example {@code GET}, or {@code *}
     * @param pathPattern for example {@code /health}
     * @throws IllegalArgumentException if one of them is malformed, or an earlier rule already matches everything that
     *     this one matches
     */
    public ApiKeyFilterBuilder permitAll(String method, String pathPattern) {
        return add(method, pathPattern, new Demand.Nothing());
    }

    /**
     * Passes on requests that are not meant for this library, without a principal and without checking the rules:
     * requests without a credential, with a bearer token of another form than the {@link KeyService#tokenFormat()}, or
     * with another authentication scheme. Use it if the host has another authentication behind the filter. That
     * authentication must then reject them. Without this setting the filter rejects them.
     */
    public ApiKeyFilterBuilder passOtherCredentials() {
        this.othersPass = true;
        return this;
    }

    /** How to find the client's address, for audit and for keys with limited addresses; default {@code direct()}. */
    public ApiKeyFilterBuilder clientAddress(ClientAddress clientAddress) {
        this.clientAddress = Objects.requireNonNull(clientAddress, "clientAddress");
        return this;
    }

    /**
     * Accepts a token in the query string too. Off by default, because query strings end up in the logs of servers and
     * proxies and in the history of browsers (RFC 6750 section 5.3).
     *
     * @param name of the parameter, 1 to 64 of {@code A-Z a-z 0-9 _ -}
     * @throws IllegalArgumentException if it is anything else
     */
    public ApiKeyFilterBuilder acceptQueryParameter(String name) {
        return credentials(places.queryParameter(name));
    }

    /**
     * Where a request may carry its key: which header, which schemes of {@code Authorization}, the query. It replaces an
     * earlier {@link #acceptQueryParameter}. Default: {@link CredentialPlaces#DEFAULT}.
     */
    public ApiKeyFilterBuilder credentials(CredentialPlaces places) {
        this.places = Objects.requireNonNull(places, "places");
        return this;
    }

    /**
     * Answers browsers that ask, on behalf of a page of another origin, before they send a request (CORS). The filter
     * answers these preflights itself, for all its paths, before it asks for a key, and marks all other answers. Without
     * this setting a CORS filter of the host must stand in front, because preflights never carry credentials.
     */
    public ApiKeyFilterBuilder cors(Cors cors) {
        this.cors = Objects.requireNonNull(cors, "cors");
        return this;
    }

    /**
     * Limits how often each key may be used; off by default. A request over the limit gets 429 with
     * {@code Retry-After}. It is counted in {@code stats()} as {@code RATE_LIMITED}, and audited a few times a minute
     * for each key. Answers to requests with a valid key tell the client its quota in {@code RateLimit} and
     * {@code RateLimit-Policy}, as draft-ietf-httpapi-ratelimit-headers-11 defines them.
     *
     * <p>A request counts once, after its key was verified and before its scopes are checked. So a client that repeats
     * forbidden requests is limited too. Requests without a valid key don't count, so that no one can use up the rate
     * of another key.
     *
     * @param rateLimit {@link Bucket4jRateLimit}, or one of the host's own
     */
    public ApiKeyFilterBuilder rateLimit(RateLimit rateLimit) {
        this.rateLimit = Objects.requireNonNull(rateLimit, "rateLimit");
        return this;
    }

    /**
     * The filter.
     *
     * @throws IllegalStateException if there is no rule, because the filter would deny everything
     */
    public ApiKeyFilter build() {
        if (rules.isEmpty()) {
            throw new IllegalStateException("a filter needs at least one rule");
        }
        return new ApiKeyFilter(this);
    }

    /**
     * What finds out by which key a request comes, with the settings of this builder, for a framework that has rules of its
     * own. Requests that are not meant for this library go on, as by {@link #passOtherCredentials()}.
     *
     * @throws IllegalStateException when there is a rule or a setting for CORS: nobody would follow it
     */
    public KeyAuthenticator authenticator() {
        if (!rules.isEmpty()) {
            throw new IllegalStateException("an authenticator follows no rules; build the filter instead");
        }
        if (cors != null) {
            throw new IllegalStateException(
                    "an authenticator answers no preflights; use cors of the framework instead");
        }
        return new KeyAuthenticator(passOtherCredentials());
    }

    private ApiKeyFilterBuilder add(String method, String pathPattern, Demand demand) {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(pathPattern, "pathPattern");
        Rule added = new Rule(method, PathPattern.parse(pathPattern), demand);
        for (Rule earlier : rules) {
            if (earlier.leavesNothingTo(added)) {
                throw new IllegalArgumentException(
                        "the rule " + added + " is never reached, because " + earlier + " comes first");
            }
        }
        rules.add(added);
        return this;
    }
}
