package dev.apikeys.password4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.nulls.NullArguments;
import dev.apikeys.nulls.Samples;
import dev.apikeys.spi.StepUp;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NullArgumentsTest {
    @Test
    void null_forAParameterThatMustNotBe_isRefusedByItsName() {
        Samples samples = new Samples(
                new Password4jHashing(), new PasswordStepUp(user -> Optional.empty()), StepUp.Password.of("password"));

        assertThat(new NullArguments(samples).check(PasswordStepUp.class, type -> true))
                .isEmpty();
    }
}
