package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.apikeys.testkit.TestKeys;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
        try (TestKeys keys = new TestKeys()) {
            byte[] masked = verifiedSecret(keys);
            Path dump = directory.resolve("heap.hprof");
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(dump.toString(), true);

            assertThat(occurrences(Files.readAllBytes(dump), masked)).isZero();
        }
    }

    /** In a method of its own, so that no local variable keeps the token alive. */
    private static byte[] verifiedSecret(TestKeys keys) {
        String token = keys.issue().token().reveal();
        assertThat(keys.keys().verify(token)).isInstanceOf(Verification.Accepted.class);
        assertThat(keys.keys().verify(token)).isInstanceOf(Verification.Accepted.class);
        byte[] secret = token.substring(token.indexOf('.') + 1).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < secret.length; i++) {
            secret[i] ^= MASK;
        }
        return secret;
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
