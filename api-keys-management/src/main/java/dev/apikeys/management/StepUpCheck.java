package dev.apikeys.management;

import dev.apikeys.spi.StepUp;
import dev.apikeys.spi.StepUp.Password;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the caller has to prove the password again, and whether that was done. The password is only tried when
 * everything else is right: else one could try passwords with requests that can't succeed and so leave no key behind.
 *
 * <p>Thread-safe.
 */
final class StepUpCheck {
    private static final Logger LOG = LoggerFactory.getLogger(StepUpCheck.class);
    private static final ManagementProblem INCORRECT_PASSWORD = new ManagementProblem.Invalid(
            List.of(new Violation(Field.PASSWORD, Violation.Code.INCORRECT_PASSWORD, "", Route.Source.BODY)));

    private final @Nullable StepUp stepUp;

    private StepUpCheck(@Nullable StepUp stepUp) {
        this.stepUp = stepUp;
    }

    /** The password is asked for. */
    static StepUpCheck by(StepUp stepUp) {
        return new StepUpCheck(stepUp);
    }

    /** The session alone is enough. */
    static StepUpCheck none() {
        return new StepUpCheck(null);
    }

    /** What was typed, where something is to be typed. */
    Optional<Password> typed(FieldChecks checks) {
        return stepUp == null ? Optional.empty() : Optional.of(checks.password());
    }

    /** The call goes on, unless the password is wrong or can't be checked. Checking it takes long. */
    Result<Call> passed(Call call, Optional<Password> typed) {
        if (stepUp == null || typed.isEmpty()) {
            return Result.done(call);
        }
        return switch (prove(stepUp, call.session().user(), typed.get())) {
            case PROVEN -> Result.done(call);
            case WRONG -> Result.failed(INCORRECT_PASSWORD);
            case UNAVAILABLE -> Result.failed(ManagementProblem.Plain.STEP_UP_UNAVAILABLE);
        };
    }

    private static StepUp.Result prove(StepUp stepUp, String user, Password typed) {
        try {
            return stepUp.prove(user, typed);
        } catch (RuntimeException failure) {
            // The kind alone: a message of the host's identity client may quote what it was given.
            LOG.warn("The step-up failed: {}", failure.getClass().getName());
            return StepUp.Result.UNAVAILABLE;
        }
    }
}
