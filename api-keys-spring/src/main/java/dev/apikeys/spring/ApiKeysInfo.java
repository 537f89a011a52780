package dev.apikeys.spring;

import dev.apikeys.KeyKind;
import dev.apikeys.KeyPolicy;
import dev.apikeys.KeyService;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * How this application's keys look and how long they live, for {@code /actuator/info}.
 *
 * <p>Thread-safe.
 */
final class ApiKeysInfo implements InfoContributor {
    private final KeyService keys;

    ApiKeysInfo(KeyService keys) {
        this.keys = keys;
    }

    @Override
    public void contribute(Info.Builder builder) {
        KeyPolicy policy = keys.policy();
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("tokenPrefix", keys.tokenFormat().identify(""));
        info.put("lifetime", policy.defaultLifetime().toString());
        info.put("maxLifetime", policy.maxLifetime().toString());
        info.put("maxActivePersonal", policy.maxActive(KeyKind.PERSONAL));
        builder.withDetail("apikeys", info);
    }
}
