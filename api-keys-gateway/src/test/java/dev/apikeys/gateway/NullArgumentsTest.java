package dev.apikeys.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.nulls.NullArguments;
import dev.apikeys.nulls.Samples;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.Bucket4jRateLimit;
import dev.apikeys.servlet.RateQuota;
import dev.apikeys.testkit.TestKeys;
import java.net.URI;
import java.net.http.HttpClient;
import org.junit.jupiter.api.Test;

class NullArgumentsTest {
    @Test
    void null_forAParameterThatMustNotBe_isRefusedByItsName() {
        try (TestKeys service = new TestKeys()) {
            Samples samples = new Samples(
                    service.keys(),
                    VerificationServlet.builder(service.keys()),
                    Callers.withCertificate(),
                    URI.create("https://relay.internal/feed"),
                    HttpClient.newHttpClient(),
                    RelayClient.builder(URI.create("https://relay.internal/feed")),
                    RelayClient.builder(URI.create("https://relay.internal/feed"))
                            .build(),
                    ChangeFeedServlet.builder(
                            service.keys(), service.store()::openChangeFeed, Callers.withCertificate()),
                    ApiKeyFilter.builder(service.keys()).requireKey("*", "/**").build(),
                    Bucket4jRateLimit.local(RateQuota.perSecond(1)));

            assertThat(new NullArguments(samples)
                            .check(
                                    VerificationServlet.class,
                                    type -> type.getPackageName().equals("dev.apikeys.gateway")))
                    .isEmpty();
        }
    }
}
