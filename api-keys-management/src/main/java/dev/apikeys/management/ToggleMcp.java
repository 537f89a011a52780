package dev.apikeys.management;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeyUpdate;
import java.util.Optional;

/**
 * Pauses or resumes what agents may do with a key: to the requested state, or to the other one if none is requested.
 */
final class ToggleMcp implements Command<ApiKey> {
    private final KeyService keys;

    ToggleMcp(KeyService keys) {
        this.keys = keys;
    }

    @Override
    public Result<ApiKey> run(Call call) {
        FieldChecks checks = new FieldChecks(call.input());
        Optional<Boolean> wanted = checks.on(Field.ON);
        KeyUpdate update =
                KeyUpdate.nothing().mcp(policy -> wanted.orElse(!policy.isActive()) ? policy.resume() : policy.pause());
        return call.key()
                .then(ref -> checks.unlessViolated(ref).map(valid -> keys.update(valid, update, call.actor())));
    }
}
