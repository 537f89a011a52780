package dev.apikeys.management;

import dev.apikeys.spi.StepUp;
import dev.apikeys.spi.StepUp.Password;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks again that the caller is the user, by password or another proof, if that is required. The proof is only checked if
 * everything else is right. Otherwise an attacker could try passwords with requests that can't succeed and leave no key
 * behind.
 *
 * <p>Thread-safe.
 */
final class StepUpCheck {
    private static final Logger LOG = LoggerFactory.getLogger(StepUpCheck.class);
    private static final String PASSWORD = "password";

    private final @Nullable StepUp stepUp;

    private StepUpCheck(@Nullable StepUp stepUp) {
        this.stepUp = stepUp;
    }

    /** The proof is required. */
    static StepUpCheck by(StepUp stepUp) {
        return new StepUpCheck(stepUp);
    }

    /** The session alone is enough. */
    static StepUpCheck none() {
        return new StepUpCheck(null);
    }

    /** Tells whether the session alone is not enough. */
    boolean isRequired() {
        return stepUp != null;
    }

    /** The name of the body's field that carries the proof; empty if none does. */
    Optional<String> field() {
        return stepUp == null ? Optional.empty() : stepUp.field();
    }

    /** The proof that was sent, if one is required. */
    Optional<Password> typed(FieldChecks checks) {
        return field().map(checks::proof);
    }

    /** Returns the call, unless the proof is wrong or can't be checked. The check takes long. */
    Result<Call> passed(Call call, Optional<Password> typed) {
        if (stepUp == null) {
            return Result.done(call);
        }
        return switch (prove(stepUp, call.session().user(), typed.orElseGet(() -> Password.of("")))) {
            case PROVEN -> Result.done(call);
            case WRONG -> Result.failed(field().map(StepUpCheck::wrong).orElse(ManagementProblem.Plain.FORBIDDEN));
            case UNAVAILABLE -> Result.failed(ManagementProblem.Plain.STEP_UP_UNAVAILABLE);
            case BUSY -> Result.failed(ManagementProblem.Plain.UNAVAILABLE);
        };
    }

    private static ManagementProblem wrong(String field) {
        Violation.Code code =
                field.equals(PASSWORD) ? Violation.Code.INCORRECT_PASSWORD : Violation.Code.INCORRECT_PROOF;
        return new ManagementProblem.Invalid(List.of(Violation.ofProof(code, field)));
    }

    private static StepUp.Result prove(StepUp stepUp, String user, Password typed) {
        try {
            return stepUp.prove(user, typed);
        } catch (Exception failure) {
            // Only the class of the exception: a message of the host's identity client may quote its input.
            LOG.warn("The step-up failed: {}", failure.getClass().getName());
            return StepUp.Result.UNAVAILABLE;
        }
    }
}
