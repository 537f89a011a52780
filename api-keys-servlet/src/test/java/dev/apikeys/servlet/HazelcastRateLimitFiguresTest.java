package dev.apikeys.servlet;

import static org.awaitility.Awaitility.await;

import dev.apikeys.KeyPrincipal;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How exact shared limits are on Hazelcast, and what the loss of a member does to them. */
@Tag("endurance")
class HazelcastRateLimitFiguresTest extends SharedRateLimitFigures<HazelcastEngine> {
    @Override
    HazelcastEngine start(Path directory) throws Exception {
        return HazelcastEngine.start();
    }

    /** The nodes of the other member go on, with a bucket that the lost one kept. */
    @Test
    void memberLost() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            KeyPrincipal key = key();
            while (!engine.owns(1, key.keyId())) {
                key = key();
            }
            limits(QUOTA, List.of(engine.node(0), engine.node(0)));
            loss("a member lost, another joins after 2 s", key, () -> engine.terminate(1), () -> engine.restart(1));
            await().atMost(10, TimeUnit.SECONDS).until(() -> engine.members() == 2);
        }
    }
}
