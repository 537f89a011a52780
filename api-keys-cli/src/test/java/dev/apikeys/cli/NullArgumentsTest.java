package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;

class NullArgumentsTest {
    @Test
    void null_forAParameterThatMustNotBe_isRefusedByItsName() {
        assertThatNullPointerException()
                .isThrownBy(() -> ApiKeysCli.main((String[]) null))
                .withMessage("args");
    }
}
