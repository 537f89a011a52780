package dev.apikeys.management;

import dev.apikeys.ApiKey;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.spi.StepUp.Password;
import java.time.Duration;
import java.util.Optional;

/**
 * Gives a key that the caller may see a new token. The caller proves who they are where the family asks for it, but only if
 * everything else is right.
 */
final class RotateKey implements Command<IssuedKey> {
    private final KeyService keys;
    private final StepUpCheck stepUp;

    RotateKey(KeyService keys, StepUpCheck stepUp) {
        this.keys = keys;
        this.stepUp = stepUp;
    }

    @Override
    public Result<IssuedKey> run(Call call) {
        return call.key().then(ref -> {
            FieldChecks checks = new FieldChecks(call.input());
            Duration grace = new KeyFields(checks).grace(keys.policy());
            Optional<Password> typed = stepUp.typed(checks);
            return checks.unlessViolated(ref)
                    .then(this::alive)
                    .then(key -> stepUp.passed(call, typed))
                    .then(Call::ifStillLoggedIn)
                    .map(same -> keys.rotate(ref, grace, call.actor()));
        });
    }

    private Result<ApiKey> alive(KeyRef ref) {
        Optional<ApiKey> found = keys.find(ref);
        ApiKey.Status status = found.map(key -> key.status(keys.now())).orElse(ApiKey.Status.REVOKED);
        return switch (status) {
            case ACTIVE, PAUSED -> Result.done(found.orElseThrow());
            case EXPIRED -> Result.failed(ManagementProblem.Plain.CONFLICT);
            case REVOKED -> Result.failed(ManagementProblem.Plain.KEY_NOT_FOUND);
        };
    }
}
