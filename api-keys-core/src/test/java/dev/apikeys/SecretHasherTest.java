package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.SecretHasher.Match;
import dev.apikeys.spi.SecretHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat T14, at the one place where the parts of the input can be chosen freely. */
class SecretHasherTest {
    private static final String ID = "0123456789abcdef01234567";
    private static final String SECRET = "89abcdef0123456789abcdef0123456789abcdef01234567";

    private final SecretHasher plain = hasher();
    private final SecretHasher keyed = hasher(pepper("p1", 1));

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void digest_anyBitOfIdOrSecretFlipped_isAnother(boolean withPepper) {
        SecretHasher hasher = withPepper ? keyed : plain;
        SecretHash right = hasher.hash(ID, SECRET);
        Set<String> digests = new HashSet<>(Set.of(digestOf(right)));
        for (String other : flipped(ID)) {
            assertThat(hasher.check(right, other, SECRET)).isEqualTo(Match.NO);
            assertThat(digests.add(digestOf(hasher.hash(other, SECRET)))).isTrue();
        }
        for (String other : flipped(SECRET)) {
            assertThat(hasher.check(right, ID, other)).isEqualTo(Match.NO);
            assertThat(digests.add(digestOf(hasher.hash(ID, other)))).isTrue();
        }
        assertThat(hasher.check(right, ID, SECRET)).isEqualTo(Match.YES);
    }

    @Test
    void digest_anyBitOfTheSchemeFlipped_isAnother() {
        // The pepper's id is the part of the scheme that can vary; the key stays the same.
        Set<String> digests = new HashSet<>();
        List<String> ids = new ArrayList<>(flipped("pepper-2026.x"));
        ids.removeIf(id -> !id.matches("[A-Za-z0-9][A-Za-z0-9._-]*"));
        for (String id : ids) {
            digests.add(digestOf(hasher(pepper(id, 1)).hash(ID, SECRET)));
        }
        digests.add(digestOf(plain.hash(ID, SECRET)));

        assertThat(ids).hasSizeGreaterThan(40);
        assertThat(digests).hasSize(ids.size() + 1);
    }

    @Test
    void digest_anyBitOfThePepperFlipped_isAnother() {
        byte[] key = new byte[Pepper.MIN_BYTES];
        Set<String> digests =
                new HashSet<>(Set.of(digestOf(hasher(Pepper.of("p1", key)).hash(ID, SECRET))));
        for (int bit = 0; bit < key.length * 8; bit++) {
            byte[] other = key.clone();
            other[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(digests.add(digestOf(hasher(Pepper.of("p1", other)).hash(ID, SECRET))))
                    .as("bit %d", bit)
                    .isTrue();
        }
    }

    @Test
    void digest_charactersMovedFromOnePartToTheNext_isAnother() {
        String all = ID + SECRET;
        for (SecretHasher hasher : List.of(plain, keyed)) {
            Set<String> digests = new HashSet<>();
            for (int cut = 0; cut <= all.length(); cut++) {
                assertThat(digests.add(digestOf(hasher.hash(all.substring(0, cut), all.substring(cut)))))
                        .as("cut at %d", cut)
                        .isTrue();
            }
        }
    }

    @Test
    void digest_secretBeyondSeventyTwoCharacters_isNotCut() {
        String start = "a".repeat(127);
        for (SecretHasher hasher : List.of(plain, keyed)) {
            assertThat(hasher.hash(ID, start + "0")).isNotEqualTo(hasher.hash(ID, start + "1"));
            assertThat(hasher.check(hasher.hash(ID, start + "0"), ID, start)).isEqualTo(Match.NO);
        }
    }

    @Test
    void storedForm_namesSchemeAndPepper_andIsNotTheBareHash() throws Exception {
        byte[] bare = MessageDigest.getInstance("SHA-256").digest(SECRET.getBytes(StandardCharsets.US_ASCII));

        assertThat(plain.hash(ID, SECRET).encoded())
                .matches("sha256\\$[0-9a-f]{64}")
                .doesNotContain(Hex.encode(bare));
        assertThat(keyed.hash(ID, SECRET).encoded()).matches("hmac-sha256\\$p1\\$[0-9a-f]{64}");
    }

    @Test
    void storedForm_isTheSameForEver() {
        // Worked out by other means: every hash in every database depends on it.
        assertThat(plain.hash(ID, SECRET).encoded())
                .isEqualTo("sha256$b40116012114f84d91d99dc18fbc4f2c3b574addbefab035bdd6c2fdcd8ecbee");
        assertThat(keyed.hash(ID, SECRET).encoded())
                .isEqualTo("hmac-sha256$p1$aaebf4133fdfa404f72aa7d500c20f4a3a86455c739e4bc86f035e5c0ba2e741");
    }

    @ParameterizedTest
    @ValueSource(strings = {"md5", "", "SHA256", "hmac-sha256$gone", "hmac-sha256", "sha256$p1", "none"})
    void unknownScheme_withTheHashThatItWouldHaveWithoutAPepper_isUnusable(String scheme) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (String part : List.of(scheme, ID, SECRET)) {
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(part.length()).array());
            digest.update(part.getBytes(StandardCharsets.US_ASCII));
        }
        SecretHash forged = new SecretHash(scheme + "$" + Hex.encode(digest.digest()));

        assertThat(plain.check(forged, ID, SECRET)).isEqualTo(Match.UNUSABLE);
        assertThat(keyed.check(forged, ID, SECRET)).isEqualTo(Match.UNUSABLE);
    }

    @Test
    void storedHash_anyCharacterReplaced_matchesNothing() {
        for (SecretHasher hasher : List.of(plain, keyed)) {
            String right = hasher.hash(ID, SECRET).encoded();
            for (String other : flipped(right)) {
                assertThat(hasher.check(new SecretHash(other), ID, SECRET))
                        .as(other)
                        .isIn(Match.NO, Match.UNUSABLE);
            }
            for (int length = 0; length < right.length(); length++) {
                assertThat(hasher.check(new SecretHash(right.substring(0, length)), ID, SECRET))
                        .isIn(Match.NO, Match.UNUSABLE);
            }
        }
    }

    private static List<String> flipped(String text) {
        List<String> others = new ArrayList<>();
        for (int position = 0; position < text.length(); position++) {
            for (int bit = 0; bit < 7; bit++) {
                StringBuilder other = new StringBuilder(text);
                other.setCharAt(position, (char) (text.charAt(position) ^ (1 << bit)));
                others.add(other.toString());
            }
        }
        return others;
    }

    private static String digestOf(SecretHash hash) {
        return hash.encoded().substring(hash.encoded().lastIndexOf('$') + 1);
    }

    private static SecretHasher hasher(Pepper... peppers) {
        return new SecretHasher(peppers.length == 0 ? null : peppers[0], List.of(peppers));
    }

    private static Pepper pepper(String id, int fill) {
        byte[] key = new byte[Pepper.MIN_BYTES];
        Arrays.fill(key, (byte) fill);
        return Pepper.of(id, key);
    }
}
