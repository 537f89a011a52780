package dev.apikeys.management;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyService;

/** Revokes a key that the caller may see. */
final class RevokeKey implements Command<ApiKey> {
    private final KeyService keys;

    RevokeKey(KeyService keys) {
        this.keys = keys;
    }

    @Override
    public Result<ApiKey> run(Call call) {
        return call.key().map(key -> keys.revoke(key, call.actor(), "").key());
    }
}
