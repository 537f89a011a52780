package dev.apikeys.management;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyOptions.SelfRevocation;
import dev.apikeys.KeyService;

/** Revokes the key of the call, if it may revoke itself. */
final class RevokeSelf implements Command<ApiKey> {
    private final KeyService keys;

    RevokeSelf(KeyService keys) {
        this.keys = keys;
    }

    @Override
    public Result<ApiKey> run(Call call) {
        return call.key()
                .then(ref -> keys.find(ref)
                        .filter(key -> key.options().selfRevocation() == SelfRevocation.ALLOWED)
                        .map(key -> Result.done(
                                keys.revoke(ref, call.actor(), "self").key()))
                        .orElseGet(() -> Result.failed(ManagementProblem.Plain.FORBIDDEN)));
    }
}
