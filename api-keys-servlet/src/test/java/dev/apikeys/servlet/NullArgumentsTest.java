package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.nulls.NullArguments;
import dev.apikeys.nulls.Samples;
import dev.apikeys.testkit.TestKeys;
import org.junit.jupiter.api.Test;

class NullArgumentsTest {
    @Test
    void null_forAParameterThatMustNotBe_isRefusedByItsName() {
        try (TestKeys service = new TestKeys()) {
            Samples samples = new Samples(
                    service.keys(),
                    service.principal("read:systems"),
                    ApiKeyFilter.builder(service.keys()),
                    ApiKeyFilter.builder(service.keys()).requireKey("*", "/**").build(),
                    ClientAddress.direct(),
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
