package dev.apikeys.spring;

import dev.apikeys.KeyService;
import dev.apikeys.KeyServiceStats;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * The actuator endpoint {@code apikeys}: what this node counted. Nothing in it is secret.
 *
 * <p>Thread-safe.
 */
@Endpoint(id = "apikeys")
public final class ApiKeysEndpoint {
    private final KeyService keys;

    ApiKeysEndpoint(KeyService keys) {
        this.keys = keys;
    }

    /** The counters since the start. */
    @ReadOperation
    public KeyServiceStats stats() {
        return keys.stats();
    }
}
