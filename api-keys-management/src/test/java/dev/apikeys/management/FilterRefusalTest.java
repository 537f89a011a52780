package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.RateLimit;
import dev.apikeys.servlet.RateLimit.Decision;
import dev.apikeys.servlet.RateQuota;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a filter in front refuses is told in the dialect of the family, and when to come again. */
class FilterRefusalTest {
    private static final RateQuota QUOTA = RateQuota.perSecond(1);

    private static final Map<ManagedFamily, String> WORDS = Map.of(
            ManagedFamily.PERSONAL, "{\"code\":429,\"message\":\"too many requests\",\"data\":null}",
            ManagedFamily.WORKSPACE, "{\"code\":429,\"detail\":\"Too many requests\",\"type\":\"rate_limit_error\"}",
            ManagedFamily.TENANT, "{\"error\":\"rate_limited\",\"message\":\"Too many requests\"}",
            ManagedFamily.ADMINISTRATION, "{\"error\":\"rate_limited\",\"message\":\"Too many requests\"}");

    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void tooManyRequests_areToldInTheDialectOfTheFamily(Container container, ManagedFamily family) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        RateLimit once = principal -> requests.getAndIncrement() == 0
                ? new Decision.Allowed(QUOTA, 0, Duration.ofSeconds(1))
                : new Decision.Refused(QUOTA, Duration.ofMillis(2_500));
        try (ManagementWorld world = ManagementWorld.in(container)
                .serving(family)
                .filter(host -> ApiKeyFilter.builder(host.keys)
                        .requireKey("*", "/**")
                        .rateLimit(once)
                        .build())
                .start()) {
            String token = world.issue("alice", "org_1", "CRM").token().reveal();
            // The first request reaches the servlet, which tells the filter its words.
            assertThat(world.call("GET", "/settings", "", "X-API-Key", token).statusCode())
                    .isEqualTo(403);

            HttpResponse<String> refused = world.call("GET", "/settings", "", "X-API-Key", token);

            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("3");
            assertThat(refused.body()).isEqualTo(WORDS.get(family));
        }
    }
}
