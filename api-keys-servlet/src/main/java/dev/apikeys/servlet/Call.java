package dev.apikeys.servlet;

import dev.apikeys.Actor;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyRef;
import java.util.function.Supplier;

/**
 * A management call that was let in.
 *
 * @param session who calls
 * @param actor the same person and where the call came from, for the audit trail
 * @param visible the keys that the family shows to this person; no command looks further
 * @param input what was sent
 * @param askAgain resolves the session anew
 */
record Call(
        Caller.Session session,
        Actor actor,
        KeyFilter visible,
        Input input,
        Supplier<Outcome<Caller.Session>> askAgain) {
    /** The key that the path names, to be looked for among those that the person may see. */
    Outcome<KeyRef> key() {
        return input.text(Field.KEY)
                .flatMap(FieldChecks::keyId)
                .map(id -> Outcome.done(new KeyRef(id, visible)))
                .orElseGet(() -> Outcome.failed(Failure.Plain.KEY_NOT_FOUND));
    }

    /** This call, unless the session ended or became another's while something slow was done. */
    Outcome<Call> ifStillLoggedIn() {
        return askAgain.get()
                .then(now -> now.owner().equals(session.owner())
                        ? Outcome.done(this)
                        : Outcome.failed(Failure.Plain.UNAUTHENTICATED));
    }
}
