package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.nulls.NullArguments;
import dev.apikeys.nulls.Samples;
import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.servlet.Cors;
import dev.apikeys.servlet.CredentialPlaces;
import dev.apikeys.testkit.TestKeys;
import org.junit.jupiter.api.Test;

class NullArgumentsTest {
    @Test
    void null_forAParameterThatMustNotBe_isRefusedByItsName() {
        try (TestKeys service = new TestKeys()) {
            Samples samples = new Samples(
                    service.keys(),
                    Caller.session("alice"),
                    ClientAddress.direct(),
                    CredentialPlaces.DEFAULT,
                    Cors.allow("https://app.example.com"),
                    ManagementServlet.builder(service.keys(), request -> Caller.anonymous()));

            assertThat(new NullArguments(samples).check(ManagementServlet.class, type -> true))
                    .isEmpty();
        }
    }
}
