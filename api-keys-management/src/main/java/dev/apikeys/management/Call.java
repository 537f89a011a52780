package dev.apikeys.management;

import dev.apikeys.Actor;
import dev.apikeys.ClientRequest;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyRef;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A management call that was let in.
 *
 * @param person who calls; null on a route that is called with a key
 * @param actor who calls and from where, for the audit trail
 * @param visible the keys that the family shows to the caller; no command looks further
 * @param input what was sent
 * @param askAgain resolves the session anew
 */
record Call(
        Caller.@Nullable Session person,
        Actor actor,
        KeyFilter visible,
        Input input,
        Supplier<Result<Caller.Session>> askAgain) {
    /** A call with a key, about that key. */
    static Call with(KeyPrincipal key, ClientRequest from, Input input) {
        input.put(Field.KEY, key.keyId().toString());
        return new Call(
                null,
                new Actor(key.getName(), from),
                KeyFilter.everything(),
                input,
                () -> Result.failed(ManagementProblem.Plain.UNAUTHENTICATED));
    }

    /** The person who calls. */
    Caller.Session session() {
        return Objects.requireNonNull(person, "a route that is called with a key has no session");
    }

    /** The key that the path names, to be looked for among those that the person may see. */
    Result<KeyRef> key() {
        return input.text(Field.KEY)
                .flatMap(FieldChecks::keyId)
                .map(id -> Result.done(new KeyRef(id, visible)))
                .orElseGet(() -> Result.failed(ManagementProblem.Plain.KEY_NOT_FOUND));
    }

    /** This call, unless the session ended or became another's while something slow was done. */
    Result<Call> ifStillLoggedIn() {
        return askAgain.get()
                .then(now -> now.owner().equals(session().owner())
                        ? Result.done(this)
                        : Result.failed(ManagementProblem.Plain.UNAUTHENTICATED));
    }
}
