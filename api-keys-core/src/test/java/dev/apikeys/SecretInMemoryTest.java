package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.testkit.TestKeys;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threat T30: a dump of the heap holds no secret that was verified and is no longer in use. */
@Tag("tr-skip") // Bytes know no locale.
class SecretInMemoryTest {
    /** Keeps the secret out of the dump while the test still knows it. */
    private static final byte MASK = 0x55;

    @TempDir
    private Path directory;

    @Test
    void secret_afterItsVerification_isNowhereInTheHeap() throws IOException {
        TokenFormat format = TokenFormat.builder()
                .alsoAccept(ImportedTokens.separated("acme_", '.'))
                .build();
        try (TestKeys keys =
                new TestKeys(settings -> settings.tokenFormat(format).passwordHashing(new LengthHashing()))) {
            Map<String, byte[]> masked = verifiedSecrets(keys);
            Path dump = directory.resolve("heap.hprof");
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(dump.toString(), true);

            byte[] bytes = Files.readAllBytes(dump);
            masked.forEach((what, secret) ->
                    assertThat(occurrences(bytes, secret)).as(what).isZero());
        }
    }

    /** In a method of its own, so that no local variable keeps a token alive. */
    private static Map<String, byte[]> verifiedSecrets(TestKeys keys) {
        Map<String, byte[]> masked = new LinkedHashMap<>();
        String token = keys.issue().token().reveal();
        verify(keys, "right", token, true, masked);
        String unused = keys.issue().token().reveal();
        verify(keys, "wrong, of a key that was used here", withAnotherSecret(token), false, masked);
        verify(keys, "wrong, of a key that was not", withAnotherSecret(unused), false, masked);
        verify(
                keys,
                "of an unknown id",
                "myk_" + "0".repeat(24) + withAnotherSecret(token).substring(28),
                false,
                masked);
        verify(keys, "of no token", withAnotherSecret(token) + "0", false, masked);
        keys.keys().importKey(TestKeys.spec(), ImportedToken.of("k1", "$36"));
        verify(keys, "of an imported key", "acme_k1." + UUID.randomUUID(), true, masked);
        verify(keys, "wrong, of an imported key", "acme_k1." + UUID.randomUUID() + "0", false, masked);
        return masked;
    }

    private static String withAnotherSecret(String token) {
        return token.substring(0, token.indexOf('.') + 1)
                + UUID.randomUUID().toString().replace("-", "")
                + "0".repeat(16);
    }

    private static void verify(TestKeys keys, String what, String token, boolean isRight, Map<String, byte[]> masked) {
        for (int i = 0; i < 2; i++) {
            assertThat(keys.keys().verify(token) instanceof Verification.Accepted)
                    .as(what)
                    .isEqualTo(isRight);
        }
        byte[] secret = token.substring(token.indexOf('.') + 1).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < secret.length; i++) {
            secret[i] ^= MASK;
        }
        masked.put(what, secret);
    }

    private static int occurrences(byte[] dump, byte[] masked) {
        int found = 0;
        for (int at = 0; at <= dump.length - masked.length; at++) {
            int same = 0;
            while (same < masked.length && dump[at + same] == (byte) (masked[same] ^ MASK)) {
                same++;
            }
            found += same == masked.length ? 1 : 0;
        }
        return found;
    }
}
