package dev.apikeys.spi;

import dev.apikeys.spi.StepUp.Password;
import java.util.Optional;

/** A check, and the field in which its proof comes. */
record StepUpByField(Optional<String> field, StepUp check) implements StepUp {
    @Override
    public Result prove(String user, Password typed) {
        return check.prove(user, typed);
    }
}
