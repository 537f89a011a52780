package dev.apikeys.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.Owner;
import dev.apikeys.spi.KeyChange;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;

/**
 * Notes about keys that are revoked at the same moment. A store that reads the record and writes it back would write an older
 * one over the revocation.
 */
final class NoteRace {
    /** The largest number that is noted of each key. */
    static final int LAST = 19;

    private static final int ROUNDS = 20;
    private static final int THREADS = 4;
    private static final int NOTES_OF_A_THREAD = 5;

    private NoteRace() {}

    /**
     * Notes numbers of each key from several threads, and asserts that it stays revoked.
     *
     * @param note notes a number of a key
     * @param noted asserts what is noted of the key in the end
     */
    static void againstRevocations(StoreUnderTest test, ObjIntConsumer<ApiKey> note, Consumer<ApiKey> noted)
            throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            ApiKey key =
                    test.stored(new SampleKey().of(Owner.user("user" + round)).build());
            KeyChange revocation = SampleKey.revoke(key);

            Race.between(THREADS, thread -> () -> {
                if (thread == 0) {
                    return test.applied(revocation);
                }
                for (int n = 0; n < NOTES_OF_A_THREAD; n++) {
                    note.accept(key, THREADS * n + thread);
                }
                return null;
            });

            ApiKey current = test.current(key);
            assertThat(current.revocation()).isEqualTo(revocation.after().revocation());
            assertThat(current.version()).isEqualTo(2);
            noted.accept(current);
            assertThat(test.credential(key.publicId()).key()).isEqualTo(current);
        }
    }
}
