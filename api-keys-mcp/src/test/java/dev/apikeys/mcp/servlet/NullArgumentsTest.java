package dev.apikeys.mcp.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.nulls.NullArguments;
import dev.apikeys.nulls.Samples;
import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.testkit.TestKeys;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NullArgumentsTest {
    @Test
    void null_forAParameterThatMustNotBe_isRefusedByItsName() {
        try (TestKeys service = new TestKeys()) {
            Samples samples = new Samples(
                    service.keys(),
                    ClientAddress.direct(),
                    new CallClassifier() {},
                    new CallClassifier.AgentCall("tools/call", "systems_list", Map.of()),
                    GuardFilter.builder(service.keys()),
                    GuardFilter.builder(service.keys()).build());

            assertThat(new NullArguments(samples).check(GuardFilter.class, type -> true))
                    .isEmpty();
        }
    }
}
