package dev.apikeys.mcp.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.nulls.NullArguments;
import dev.apikeys.nulls.Samples;
import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.servlet.Cors;
import dev.apikeys.testkit.TestKeys;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NullArgumentsTest {
    @Test
    void null_forAParameterThatMustNotBe_isRefusedByItsName() {
        try (TestKeys service = new TestKeys()) {
            Samples samples = new Samples(
                    service.keys(),
                    ClientAddress.direct(),
                    Cors.allow("https://app.example.com"),
                    new CallClassifier() {},
                    new CallClassifier.AgentCall(
                            "tools/call", CallClassifier.AgentCall.Subject.TOOL, "systems_list", Map.of()),
                    GuardFilter.builder(service.keys()),
                    GuardFilter.builder(service.keys()).build(),
                    URI.create("https://a.example/metadata"));

            assertThat(new NullArguments(samples).check(GuardFilter.class, type -> true))
                    .isEmpty();
        }
    }
}
