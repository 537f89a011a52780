package dev.apikeys.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.AuditFilter;
import dev.apikeys.Grant;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyOptions;
import dev.apikeys.Mode;
import dev.apikeys.PageRequest;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.nulls.NullArguments;
import dev.apikeys.nulls.Samples;
import dev.apikeys.spi.SecretHash;
import org.junit.jupiter.api.Test;

class NullArgumentsTest {
    @Test
    void null_forAParameterThatMustNotBe_isRefusedByItsName() {
        try (TestKeys service = new TestKeys()) {
            IssuedKey issued = service.issue();
            Samples samples = new Samples(
                    service,
                    service.store(),
                    service.memory(),
                    service.clock(),
                    service.owners(),
                    issued,
                    issued.key(),
                    new SampleKey(),
                    new SamplePrincipal(),
                    TestKeys.ALICE,
                    TestKeys.spec(),
                    Grant.of(Mode.READ),
                    KeyOptions.DEFAULT,
                    McpPolicy.DEFAULT,
                    KeyFilter.everything(),
                    AuditFilter.everything(),
                    PageRequest.first(1),
                    new SecretHash("sha256$00"),
                    SampleKey.toAdd(issued.key(), 1),
                    SampleKey.pause(issued.key()));

            assertThat(new NullArguments(samples).check(TestKeys.class, type -> !isContract(type)))
                    .isEmpty();
        }
    }

    /** Contracts are tests themselves. */
    private static boolean isContract(Class<?> type) {
        return StoreUnderTest.class.isAssignableFrom(type);
    }
}
