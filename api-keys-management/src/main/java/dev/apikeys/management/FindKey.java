package dev.apikeys.management;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyService;

/** One key that the caller may see and that is not revoked. */
final class FindKey implements Command<ApiKey> {
    private final KeyService keys;

    FindKey(KeyService keys) {
        this.keys = keys;
    }

    @Override
    public Result<ApiKey> run(Call call) {
        return call.key()
                .then(ref -> keys.find(ref)
                        .filter(key -> key.revocation() == null)
                        .map(Result::done)
                        .orElseGet(() -> Result.failed(ManagementProblem.Plain.KEY_NOT_FOUND)));
    }
}
