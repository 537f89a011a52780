package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.Scope;
import dev.apikeys.nulls.NullArguments;
import dev.apikeys.nulls.Samples;
import dev.apikeys.testkit.TestKeys;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.junit.jupiter.api.Test;

class NullArgumentsTest {
    @Test
    void null_forAParameterThatMustNotBe_isRefusedByItsName() {
        try (TestKeys service = new TestKeys()) {
            KeyAuthenticator authenticator =
                    ApiKeyFilter.builder(service.keys()).authenticator();
            HttpServletRequest request = new Request(new Connector(), new org.apache.coyote.Request());
            Samples samples = new Samples(
                    service.keys(),
                    service.principal("read:systems"),
                    ApiKeyFilter.builder(service.keys()),
                    ApiKeyFilter.builder(service.keys()).requireKey("*", "/**").build(),
                    ClientAddress.direct(),
                    Cors.allow("https://app.example.com"),
                    CredentialPlaces.DEFAULT,
                    authenticator,
                    authenticator.authenticate(request),
                    Scope.parse("read:systems"),
                    RateQuota.perSecond(1),
                    Bucket4jRateLimit.local(RateQuota.perSecond(1)));

            assertThat(new NullArguments(samples)
                            .check(
                                    ApiKeyFilter.class,
                                    type -> type.getPackageName().equals("dev.apikeys.servlet")))
                    .isEmpty();
        }
    }
}
