package dev.apikeys.management;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.spi.StepUp.Password;
import java.util.Optional;

/**
 * Issues a key. The family reads the owner and the grant. Then the caller proves the password, if that is required.
 * Both may take long, so the session is checked again afterwards.
 */
final class CreateKey implements Command<IssuedKey> {
    private final KeyService keys;
    private final StepUpCheck stepUp;
    private final SpecReader specs;

    CreateKey(KeyService keys, StepUpCheck stepUp, SpecReader specs) {
        this.keys = keys;
        this.stepUp = stepUp;
        this.specs = specs;
    }

    /** Reads the spec of the new key. */
    @FunctionalInterface
    interface SpecReader {
        /**
         * Returns a complete spec. Notes violations of single fields, and fails for problems that don't concern a
         * field.
         */
        Result<KeySpec> read(Call call, FieldChecks checks);
    }

    @Override
    public Result<IssuedKey> run(Call call) {
        FieldChecks checks = new FieldChecks(call.input());
        Result<KeySpec> spec = specs.read(call, checks);
        Optional<Password> typed = stepUp.typed(checks);
        return spec.then(checks::unlessViolated)
                .then(valid -> stepUp.passed(call, typed)
                        .then(Call::ifStillLoggedIn)
                        .then(same -> inTime(same, checks))
                        .map(same -> keys.issue(valid.createdBy(call.actor()))));
    }

    private Result<Call> inTime(Call call, FieldChecks checks) {
        new KeyFields(checks).endStillAhead(keys);
        return checks.unlessViolated(call);
    }
}
