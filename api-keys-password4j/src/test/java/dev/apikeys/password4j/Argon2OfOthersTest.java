package dev.apikeys.password4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Argon2 as its reference implementation writes it. */
class Argon2OfOthersTest {
    private final Password4jHashing hashing = new Password4jHashing();

    /** From the tests of the reference implementation: version 16 was written without its number. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "password $argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ",
                "password $argon2i$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY",
                "differentpassword $argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$6ckCB0tnVFMaOgvlGeW69ASzDOabPwGsO/ISKZYBCaM"
            })
    void hashWithoutAVersion_isOfVersion16(String password, String stored) {
        assertThat(hashing.supports(stored)).isTrue();
        assertThat(hashing.threads(stored)).isEqualTo(1);
        assertThat(hashing.matches(password, stored)).isTrue();
        assertThat(hashing.matches(password, stored.replace("$m=", "$v=16$m="))).isTrue();
        assertThat(hashing.matches(password, stored.replace("$m=", "$v=19$m="))).isFalse();
        assertThat(hashing.matches(password + "x", stored)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "$argon2i$v=$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY",
                "$argon2i$v=17$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY",
                "$argon2i$$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY"
            })
    void hashOfAnotherVersion_isNotSupported(String stored) {
        assertThat(hashing.supports(stored)).isFalse();
    }
}
