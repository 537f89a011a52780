package dev.apikeys.management;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyService;

/** Pauses a key that the caller may see. */
final class PauseKey implements Command<ApiKey> {
    private final KeyService keys;

    PauseKey(KeyService keys) {
        this.keys = keys;
    }

    @Override
    public Result<ApiKey> run(Call call) {
        return call.key().map(key -> keys.pause(key, call.actor()));
    }
}
