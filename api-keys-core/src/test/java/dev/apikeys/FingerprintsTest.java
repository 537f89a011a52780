package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A fingerprint is SHA-256 over the salt of its process and the secret, in four words. */
class FingerprintsTest {
    private static final byte SALT = 0x5a;

    /** Makes a salt that is known here. */
    private static final class KnownRandom extends SecureRandom {
        private static final long serialVersionUID = 1L;

        @Override
        public void nextBytes(byte[] bytes) {
            Arrays.fill(bytes, SALT);
        }
    }

    @ParameterizedTest
    @CsvSource({"48, 7", "32, 23", "128, 7"})
    void fingerprint_isTheDigestOfSaltAndSecret(int secretLength, int saltLength) throws Exception {
        String secret = "0123456789abcdef".repeat(secretLength / 16);
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        byte[] salt = new byte[saltLength];
        Arrays.fill(salt, SALT);
        sha256.update(salt);
        ByteBuffer digest = ByteBuffer.wrap(sha256.digest(secret.getBytes(StandardCharsets.US_ASCII)));

        Fingerprint fingerprint = new Fingerprints(new KnownRandom(), secretLength).of(secret);

        Fingerprint expected = new Fingerprint(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
        assertThat(fingerprint).isEqualTo(expected);
        assertThat(fingerprint.toString()).doesNotContain(Long.toString(expected.a()), Long.toString(expected.d()));
    }

    @ParameterizedTest
    @CsvSource("48")
    void processes_haveSaltsOfTheirOwn(int secretLength) {
        String secret = "a".repeat(secretLength);
        SecureRandom random = new SecureRandom();
        assertThat(new Fingerprints(random, secretLength).of(secret))
                .isNotEqualTo(new Fingerprints(random, secretLength).of(secret));
    }
}
