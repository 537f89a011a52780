package dev.apikeys.management;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.spi.StepUp.Password;
import java.util.Optional;

/**
 * Issues a key. Whose, and what it may do, is read by the family; then the caller steps up where that is asked for. Both
 * may take long, so the session must still be there afterwards.
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

    /** Reads what is to be issued. */
    @FunctionalInterface
    interface SpecReader {
        /** A complete spec; notes what is wrong with single fields, and fails for what isn't about a field. */
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
                        .map(same -> keys.issue(valid.createdBy(call.actor()))));
    }
}
