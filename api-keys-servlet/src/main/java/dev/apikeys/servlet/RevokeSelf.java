package dev.apikeys.servlet;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyService;
import dev.apikeys.SelfRevocation;

/** Revokes the key that the call was made with, if it may do that. */
final class RevokeSelf implements Command<ApiKey> {
    private final KeyService keys;

    RevokeSelf(KeyService keys) {
        this.keys = keys;
    }

    @Override
    public Outcome<ApiKey> run(Call call) {
        return call.key()
                .then(ref -> keys.find(ref)
                        .filter(key -> key.traits().selfRevocation() == SelfRevocation.ALLOWED)
                        .map(key -> Outcome.done(
                                keys.revoke(ref, call.actor(), "self").key()))
                        .orElseGet(() -> Outcome.failed(Failure.Plain.FORBIDDEN)));
    }
}
