package dev.apikeys.servlet;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How exact shared limits are on Redis, and what its death does to them. */
@Tag("endurance")
class RedisRateLimitFiguresTest extends SharedRateLimitFigures<RedisEngine> {
    @Override
    RedisEngine start(Path directory) throws Exception {
        return RedisEngine.in(directory);
    }

    @Test
    void killed() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            limits(QUOTA);
            loss("killed, started again after 2 s", key(), engine::kill, engine::restart);
        }
    }
}
