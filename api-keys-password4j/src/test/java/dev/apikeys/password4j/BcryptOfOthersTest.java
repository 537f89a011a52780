package dev.apikeys.password4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.password4j.BcryptFunction;
import com.password4j.types.Bcrypt;
import dev.apikeys.spi.StepUp;
import dev.apikeys.spi.StepUp.Password;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** bcrypt as other systems make it. Hashes of the crypt(3) of glibc; Spring Security makes the same. */
class BcryptOfOthersTest {
    private static final String START = "$04$abcdefghijklmnopqrstuu";

    private final Password4jHashing hashing = new Password4jHashing();

    @ParameterizedTest
    @CsvSource({
        "abc, Ci15uRb1eH7NAlJ/TgeJertyknQpYn2",
        "\u00e9, hLs2FTTXh4aTzDmos5X8XImgHYf5TbO",
        "a\u00e9, sV1DKdsbs6FYIYh9W.bTOu4kIZn0gtC",
        "\u00e9a, 8zTL8gB7w0ii.hOvhq5ZopWhDDY452C",
        "p\u00e4sswort, WPyT3zuK3JxmyXx5UFcdTiysSm3GF5K",
        "\u20ac, G3O9V/1GC5sg0Xz64YjaNnEnyw7ZKO.",
        "\u00fc\u00fc\u00fc\u00fc\u00fc, K2cerDcjv/zfw/lpMQLS2KHPZU3jCOG",
        "\ud83d\ude00, jGvHnQ/RwTq6q8Fh4ulj8/rxzzEcm1i",
        "caf\u00e9, usvfeYzFuQdqd.KjimlRKkZ2QcoHWhO"
    })
    void password_ofAnyCharacters_matchesItsHash_inEachVersion(String password, String digest) {
        for (String version : new String[] {"$2a", "$2b", "$2y"}) {
            String stored = version + START + digest;
            assertThat(hashing.matches(password, stored)).as(stored).isTrue();
            assertThat(hashing.matches(password, "{bcrypt}" + stored))
                    .as(stored)
                    .isTrue();
            for (String other : new String[] {password + "e", "e" + password, password + "\u00e9", "\u00e9", "e"}) {
                if (!other.equals(password)) {
                    assertThat(hashing.matches(other, stored)).as(stored).isFalse();
                }
            }
        }
    }

    /** As Spring Security stores it by default. */
    @ParameterizedTest
    @CsvSource({"p\u00e4sswort, PROVEN", "passwort, WRONG", "p\u00e4sswort1, WRONG"})
    void passwordBeyondAscii_withSpringsHash_isProven(String typed, StepUp.Result expected) {
        String stored = "{bcrypt}$2a" + START + "WPyT3zuK3JxmyXx5UFcdTiysSm3GF5K";
        StepUp stepUp = new PasswordStepUp(user -> Optional.of(stored));
        assertThat(stepUp.prove("alice", Password.of(typed))).isEqualTo(expected);
    }

    /** Password4j makes another hash of such text than all others, which its users have stored. */
    @ParameterizedTest
    @ValueSource(strings = {"\u00e9", "p\u00e4sswort", "\uD83D\uDE00"})
    void hashOfPassword4jItself_staysReadable(String password) {
        String stored = BcryptFunction.getInstance(Bcrypt.A, 4).hash(password).getResult();
        assertThat(hashing.matches(password, stored)).isTrue();
        assertThat(hashing.matches(password + "e", stored)).isFalse();
    }
}
