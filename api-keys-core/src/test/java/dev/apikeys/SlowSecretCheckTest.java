package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.spi.PasswordHashing;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.spi.StoredCredential;
import dev.apikeys.testkit.Gate;
import dev.apikeys.testkit.SampleKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threat T13, with hashes that several threads compute at once. */
@Tag("tr-skip") // Numbers know no locale.
class SlowSecretCheckTest {
    private static final ApiKey KEY = new SampleKey().build();
    private static final int CORES = 4;

    private final Gate gate = new Gate();
    private final Fingerprints fingerprints = new Fingerprints(new SecureRandom(), 48);
    private final SlowSecretCheck check = new SlowSecretCheck(new WideHashing(), Duration.ofMillis(20), CORES);
    private long entries;

    /** A hash of so many threads: {@code $8} for instance. With {@code $8$held} it waits for the gate. */
    private final class WideHashing implements PasswordHashing {
        @Override
        public boolean supports(String encoded) {
            return true;
        }

        @Override
        public int maxSecretBytes(String encoded) {
            return Integer.MAX_VALUE;
        }

        @Override
        public int threads(String encoded) {
            return Integer.parseInt(encoded.replaceAll("\\D", ""));
        }

        @Override
        public boolean matches(String secret, String encoded) {
            if (encoded.endsWith("held")) {
                gate.pass();
            }
            return secret.equals("right");
        }
    }

    private boolean matches(String hash) {
        SecretHash stored = new SecretHash(hash);
        CacheEntry entry = CacheEntry.of(
                new PublicId(1, ++entries),
                new StoredCredential(KEY.publicId(), stored, null, KEY),
                new OwnerView(KEY.owner()),
                SharedEntryPart.of(KEY, KEY.grant()),
                new LoadMoment(0, 0));
        PresentedToken token = fingerprints.acquire();
        try {
            token.readSecret("right");
            return check.matches(entry, token);
        } finally {
            fingerprints.release(token);
        }
    }

    private FutureTask<Boolean> held(int threads) {
        FutureTask<Boolean> task = new FutureTask<>(() -> matches("$" + threads + "$held"));
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        gate.awaitReached();
        return task;
    }

    @Test
    void hash_ofSeveralThreads_takesAsManyCores() throws Exception {
        FutureTask<Boolean> three = held(3);

        assertThat(matches("$1")).isTrue();
        assertThatThrownBy(() -> matches("$2")).isInstanceOf(StoreUnavailableException.class);

        gate.open();
        assertThat(three.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(matches("$4")).isTrue();
    }

    /** Nothing that a host says of a hash lets it past the bound. */
    @Test
    void hash_ofNoThreads_takesACore() throws Exception {
        FutureTask<Boolean> all = held(CORES);

        assertThatThrownBy(() -> matches("$0")).isInstanceOf(StoreUnavailableException.class);

        gate.open();
        assertThat(all.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(matches("$0")).isTrue();
    }

    @Test
    void hash_ofMoreThreadsThanCores_isComputedAlone() throws Exception {
        FutureTask<Boolean> many = held(CORES + 60);

        assertThatThrownBy(() -> matches("$1")).isInstanceOf(StoreUnavailableException.class);

        gate.open();
        assertThat(many.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(matches("$1")).isTrue();
        assertThat(matches("$64")).isTrue();
    }
}
