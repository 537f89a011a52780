package dev.apikeys.management;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyService;

/** Ends the pause of a key that the caller may see. */
final class ResumeKey implements Command<ApiKey> {
    private final KeyService keys;

    ResumeKey(KeyService keys) {
        this.keys = keys;
    }

    @Override
    public Result<ApiKey> run(Call call) {
        return call.key().map(key -> keys.resume(key, call.actor()));
    }
}
