package dev.apikeys.servlet;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Password;
import dev.apikeys.spi.StepUp;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Issues a key to the caller, who proves the password again first. The password is only tried when everything else is
 * right: else one could try passwords with requests that can't succeed and so leave no key behind. Checking it takes long,
 * so the session must still be there afterwards.
 */
final class CreateKey implements Command<IssuedKey> {
    private static final Logger LOG = LoggerFactory.getLogger(CreateKey.class);
    private static final Failure INCORRECT_PASSWORD =
            new Failure.Invalid(List.of(new Violation(Field.PASSWORD, Violation.Code.INCORRECT_PASSWORD, "")));

    private final KeyService keys;
    private final StepUp stepUp;

    CreateKey(KeyService keys, StepUp stepUp) {
        this.keys = keys;
        this.stepUp = stepUp;
    }

    @Override
    public Outcome<IssuedKey> run(Call call) {
        FieldChecks checks = new FieldChecks(call.input());
        KeySpec spec = KeySpec.of(KeyKind.PERSONAL, call.session().owner()).createdBy(call.actor());
        KeySpec complete = checks.expiring(checks.withMode(checks.named(spec)), keys.policy());
        Password typed = checks.password();
        return checks.unlessViolated(complete).then(valid -> switch (prove(
                call.session().user(), typed)) {
            case PROVEN -> call.ifStillLoggedIn().map(same -> keys.issue(valid));
            case WRONG -> Outcome.failed(INCORRECT_PASSWORD);
            case UNAVAILABLE -> Outcome.failed(Failure.Plain.STEP_UP_UNAVAILABLE);
        });
    }

    private StepUp.Result prove(String user, Password typed) {
        try {
            return stepUp.prove(user, typed);
        } catch (RuntimeException failure) {
            // The kind alone: a message of the host's identity client may quote what it was given.
            LOG.warn("The step-up failed: {}", failure.getClass().getName());
            return StepUp.Result.UNAVAILABLE;
        }
    }
}
