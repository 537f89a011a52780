package dev.apikeys.management;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeyUpdate;
import dev.apikeys.spi.StepUp.Password;
import java.util.Optional;

/**
 * Changes a key that the caller may see. Absent fields stay as they were. Where the family asks for a proof before it issues
 * a key, it asks for one before it widens a key, too.
 */
final class ChangeKey implements Command<ApiKey> {
    private final KeyService keys;
    private final StepUpCheck stepUp;
    private final UpdateReader updates;

    ChangeKey(KeyService keys, StepUpCheck stepUp, UpdateReader updates) {
        this.keys = keys;
        this.stepUp = stepUp;
        this.updates = updates;
    }

    /** Reads a change of a key. */
    @FunctionalInterface
    interface UpdateReader {
        /**
         * Returns the change. Notes violations of single fields, and fails for problems that don't concern a field.
         *
         * @param key the key as it is; empty if the caller can see none
         */
        Result<KeyUpdate> read(Call call, FieldChecks checks, Optional<ApiKey> key);
    }

    @Override
    public Result<ApiKey> run(Call call) {
        return call.key().then(ref -> {
            FieldChecks checks = new FieldChecks(call.input());
            Optional<ApiKey> key = keys.find(ref);
            return updates.read(call, checks, key)
                    .then(update -> key.isPresent()
                            ? changed(call, ref, update, new Present(key.get(), checks))
                            : checks.unlessViolated(ref)
                                    .then(valid -> Result.failed(ManagementProblem.Plain.KEY_NOT_FOUND)));
        });
    }

    /** The key that is to be changed, and what is wrong with the change. */
    private record Present(ApiKey key, FieldChecks checks) {}

    private Result<ApiKey> changed(Call call, KeyRef ref, KeyUpdate update, Present present) {
        ApiKey key = present.key();
        FieldChecks checks = present.checks();
        boolean alive = key.countsAt(keys.now());
        if (alive
                && update.expiresAt()
                        .filter(end -> !keys.policy().allowsExpiry(key, end, keys.now()))
                        .isPresent()) {
            checks.violated(Field.EXPIRES_AT, Violation.Code.OUT_OF_RANGE);
        }
        boolean widens = update.widens(key, keys::scopesOf);
        boolean proofNeeded = alive && widens && stepUp.isRequired();
        Optional<Password> typed = proofNeeded ? stepUp.typed(checks) : Optional.empty();
        // Without a proof, the change must not widen what another call has made of the key meanwhile.
        boolean touchesRights = touchesRights(update) || McpChecks.isAsked(checks);
        boolean onlyThisVersion = stepUp.isRequired() && !widens && touchesRights;
        KeyUpdate safe = onlyThisVersion ? update.ifStill(key.version()) : update;
        return checks.unlessViolated(call)
                .then(valid -> proofNeeded ? stepUp.passed(valid, typed) : Result.done(valid))
                .then(Call::ifStillLoggedIn)
                .map(same -> keys.update(ref, safe, call.actor()));
    }

    private static boolean touchesRights(KeyUpdate update) {
        return update.grant().isPresent()
                || update.allowedFrom().isPresent()
                || update.expiresAt().isPresent();
    }
}
