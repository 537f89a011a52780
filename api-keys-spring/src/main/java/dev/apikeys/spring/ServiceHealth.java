package dev.apikeys.spring;

import dev.apikeys.KeyService;
import dev.apikeys.KeyServiceHealth;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The state of a service in the words of Spring Boot's actuator, the same in each of its versions: {@code UP} while the
 * store confirms, {@code OUT_OF_SERVICE} within the grace, {@code DOWN} behind it.
 *
 * <p>Immutable and thread-safe.
 */
record ServiceHealth(String status, Map<String, Object> details) {
    static ServiceHealth of(KeyService keys) {
        KeyServiceHealth health = keys.health();
        String status = switch (health.state()) {
            case CONFIRMED -> "UP";
            case WITHIN_GRACE -> "OUT_OF_SERVICE";
            case LAPSED -> "DOWN";
        };
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("leaseAge", health.leaseAge().toString());
        if (health.lastPoll() != null) {
            details.put("lastPoll", health.lastPoll().toString());
        }
        if (health.lastFailure() != null) {
            details.put("lastFailure", health.lastFailure());
        }
        return new ServiceHealth(status, details);
    }
}
