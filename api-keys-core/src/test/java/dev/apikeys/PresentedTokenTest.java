package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading a token: exactly the digits are digits, and a fingerprint is SHA-256 over the secret and the salt. */
@Tag("tr-skip") // Digits and bits know no locale.
class PresentedTokenTest {
    private static final byte SALT = 0x5a;
    private static final int ID_START = 4;

    private final PresentedToken read = new PresentedToken(new byte[7], 0);

    /** Tells whether the text is a token of the format. */
    static boolean isToken(TokenFormat format, String text) {
        int idStart = format.idStart(text);
        return idStart >= 0 && format.read(text, idStart, new PresentedToken(new byte[7], 0));
    }

    /** Makes a salt that is known here. */
    private static final class KnownRandom extends SecureRandom {
        private static final long serialVersionUID = 1L;

        @Override
        public void nextBytes(byte[] bytes) {
            Arrays.fill(bytes, SALT);
        }
    }

    private static Fingerprint expected(String secret, int saltLength) throws NoSuchAlgorithmException {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        sha256.update(secret.getBytes(StandardCharsets.ISO_8859_1));
        byte[] salt = new byte[saltLength];
        Arrays.fill(salt, SALT);
        ByteBuffer digest = ByteBuffer.wrap(sha256.digest(salt));
        return new Fingerprint(digest.getLong(), digest.getLong());
    }

    @ParameterizedTest
    @CsvSource({"24, 48, 7", "16, 32, 23", "18, 34, 21", "30, 46, 9", "32, 128, 7"})
    void token_hasTheNumbersOfItsId_andTheFingerprintOfItsSecret(int idLength, int secretLength, int saltLength)
            throws Exception {
        TokenFormat format = TokenFormat.builder()
                .publicIdLength(idLength)
                .secretLength(secretLength)
                .build();
        Fingerprints fingerprints = new Fingerprints(new KnownRandom(), secretLength);
        for (int i = 0; i < 100; i++) {
            MintedToken minted = format.mint(new SecureRandom());
            String text = minted.token().reveal();
            PresentedToken token = fingerprints.acquire();

            assertThat(format.read(text, format.idStart(text), token)).isTrue();

            PublicId id = new PublicId(token.idHigh(), token.idLow());
            assertThat(id).isEqualTo(PublicId.parse(minted.publicId(), 0, idLength));
            assertThat(format.text(id)).isEqualTo(minted.publicId());
            assertThat(token.secret().equals(minted.secret())).isTrue();
            assertThat(token.fingerprint()).isEqualTo(expected(minted.secret(), saltLength));
            fingerprints.release(token);
        }
    }

    @Test
    void everyCharacter_atEveryPlace_isADigitOrBreaksTheToken() {
        String text = TokenFormat.DEFAULT.mint(new SecureRandom()).token().reveal();
        int dot = text.indexOf('.');
        for (int at = ID_START; at < text.length(); at++) {
            for (char c = 0; c <= 0x1FF; c++) {
                String changed = text.substring(0, at) + c + text.substring(at + 1);
                boolean isExpected =
                        at == dot ? c == '.' : c < 0x80 && HexFormat.isHexDigit(c) && !(c >= 'A' && c <= 'F');
                assertThat(isToken(TokenFormat.DEFAULT, changed))
                        .as("character %d at place %d", (int) c, at)
                        .isEqualTo(isExpected);
            }
        }
    }

    /** One whose characters have the lower bytes of a token's. */
    @Test
    void textBeyondLatin1_isNoToken() {
        String text = TokenFormat.DEFAULT.mint(new SecureRandom()).token().reveal();
        StringBuilder shifted = new StringBuilder(text.substring(0, ID_START));
        text.substring(ID_START).chars().forEach(c -> shifted.append(c == '.' ? '.' : (char) (c + 0x100)));

        assertThat(isToken(TokenFormat.DEFAULT, text)).isTrue();
        assertThat(isToken(TokenFormat.DEFAULT, shifted.toString())).isFalse();
    }

    /** The salt stays where it is as long as secrets have one length. */
    @Test
    void fingerprints_ofSecretsOfManyLengths_dependOnNothingThatWasReadBefore() throws Exception {
        Fingerprints fingerprints = new Fingerprints(new KnownRandom(), 48);
        String usual = TokenFormat.DEFAULT.mint(new SecureRandom()).token().reveal();
        Fingerprint ofUsual = expected(usual.substring(usual.indexOf('.') + 1), 7);
        for (int length : new int[] {1, 47, 48, 49, 55, 56, 200, TokenFormat.MAX_TOKEN_LENGTH, 3, 48}) {
            String secret = "\u00e9".repeat(length);
            PresentedToken token = fingerprints.acquire();
            token.readSecret(secret);
            assertThat(token.fingerprint()).as("length %d", length).isEqualTo(expected(secret, 7));
            fingerprints.release(token);
            // Read and not hashed.
            fingerprints.acquire().readSecret("x".repeat(length));
            PresentedToken next = fingerprints.acquire();
            assertThat(TokenFormat.DEFAULT.read(usual, ID_START, next)).isTrue();
            assertThat(next.fingerprint()).as("behind length %d", length).isEqualTo(ofUsual);
            fingerprints.release(next);
        }
    }

    @Test
    void unhashedSecret_leavesNoTraceInTheNextFingerprint() throws Exception {
        String usual = TokenFormat.DEFAULT.mint(new SecureRandom()).token().reveal();
        String other = TokenFormat.DEFAULT.mint(new SecureRandom()).token().reveal();
        assertThat(TokenFormat.DEFAULT.read(usual, ID_START, read)).isTrue();
        Fingerprint expected = read.fingerprint();
        read.clear();
        read.readSecret("x".repeat(60));
        read.clear();
        assertThat(TokenFormat.DEFAULT.read(other, ID_START, read)).isTrue();
        assertThat(read.fingerprint()).isNotEqualTo(expected);
        read.clear();
        assertThat(TokenFormat.DEFAULT.read(usual, ID_START, read)).isTrue();
        assertThat(read.fingerprint()).isEqualTo(expected);
    }

    @Test
    void processes_haveSaltsOfTheirOwn_andShowNoFingerprint() {
        SecureRandom random = new SecureRandom();
        PresentedToken one = new Fingerprints(random, 48).acquire();
        PresentedToken other = new Fingerprints(random, 48).acquire();
        one.readSecret("a".repeat(48));
        other.readSecret("a".repeat(48));

        assertThat(one.fingerprint()).isNotEqualTo(other.fingerprint());
        assertThat(one.fingerprint().toString())
                .doesNotContain(
                        Long.toString(one.fingerprint().a()),
                        Long.toString(one.fingerprint().b()));
    }

    /** A request may wait for the store meanwhile, and others run on its thread or on one that has the same slot. */
    @Test
    void tokensThatAreHeld_areNotGivenToOthers_andAreUsedAgainAfterwards() {
        Fingerprints fingerprints = new Fingerprints(new SecureRandom(), 48);
        List<PresentedToken> held =
                Stream.generate(fingerprints::acquire).limit(3).toList();
        assertThat(held).doesNotHaveDuplicates();
        PresentedToken first = held.get(0);
        PresentedToken second = held.get(1);

        fingerprints.release(second);
        assertThat(fingerprints.acquire()).isSameAs(second);
        fingerprints.release(second);
        fingerprints.release(first);

        assertThat(fingerprints.acquire()).isSameAs(first);
        assertThat(fingerprints.acquire()).isSameAs(second);
    }
}
