package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.apikeys.testkit.TestKeys;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PepperTest {
    private static final String KEY = "correct-horse-battery-staple-2026";

    @Test
    void pepper_ofThirtyTwoBytes_isAccepted() {
        assertThat(Pepper.of("p1", new byte[32]).id()).isEqualTo("p1");
        assertThat(Pepper.ofBase64("p1", " " + Base64.getEncoder().encodeToString(new byte[32]) + "\n")
                        .id())
                .isEqualTo("p1");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\n"})
    void pepper_notConfigured_saysSoByItsId(String base64) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pepper.ofBase64("p2026", base64))
                .withMessageContainingAll("p2026", "missing", "32");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pepper.of("p2026", base64 == null ? null : new byte[0]))
                .withMessageContainingAll("p2026", "missing", "32");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 31})
    void pepper_tooShort_saysHowLongItIs(int bytes) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pepper.of("p1", new byte[bytes]))
                .withMessageContainingAll("p1", bytes + " bytes", "32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a$b", "-a", ".a", "a b", "a\n", "ä", "123456789012345678901234567890123"})
    void pepper_idThatIsNone_isRefused(String id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pepper.of(id, new byte[32]))
                .withMessageContaining("id");
    }

    @Test
    void pepper_noBase64_isNotQuoted() {
        Throwable failure = catchThrowable(() -> Pepper.ofBase64("p1", KEY + "!"));

        assertThat(failure).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("Base64");
        assertThat(failure).hasNoCause();
        assertThat(failure.toString()).doesNotContain("horse", "staple", "!");
    }

    @Test
    void pepper_asText_isItsIdAlone() {
        byte[] key = KEY.getBytes(StandardCharsets.US_ASCII);

        assertThat(Pepper.of("p1", key)).hasToString("Pepper[p1]");
    }

    @Test
    void pepper_arrayChangedByTheCaller_staysAsItWas() {
        byte[] key = new byte[32];
        Pepper pepper = Pepper.of("p1", key);
        try (TestKeys service = new TestKeys(settings -> settings.pepper(pepper))) {
            IssuedKey issued = service.issue();
            key[0] = 1;

            assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
        }
    }

    @Test
    void builder_twoPeppersOfOneId_areRefused() {
        KeyServiceBuilder builder =
                KeyService.builder(new InMemoryApiKeyStore()).pepper(Pepper.of("p1", new byte[32]));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.oldPepper(Pepper.of("p1", new byte[33])))
                .withMessageContaining("p1");
    }
}
