package dev.apikeys.servlet;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyService;

/** One key that the caller may see. */
final class FindKey implements Command<ApiKey> {
    private final KeyService keys;

    FindKey(KeyService keys) {
        this.keys = keys;
    }

    @Override
    public Outcome<ApiKey> run(Call call) {
        return call.key()
                .then(ref ->
                        keys.find(ref).map(Outcome::done).orElseGet(() -> Outcome.failed(Failure.Plain.KEY_NOT_FOUND)));
    }
}
