package dev.apikeys.management;

import dev.apikeys.Actor;
import dev.apikeys.ClientRequest;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyRef;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A management call that passed the checks.
 *
 * @param person the caller; null on a route that is called with a key
 * @param actor the caller and its address, for the audit trail
 * @param visible the keys that the family shows to the caller; no command reads others
 * @param input the fields of the request
 * @param source what may still be asked of the request
 */
record Call(Caller.@Nullable Session person, Actor actor, KeyFilter visible, Input input, CallSource source) {
    /** A call with a key, about that key. */
    static Call with(KeyPrincipal key, ClientRequest from, Input input) {
        input.put(Field.KEY, key.keyId().toString());
        return new Call(
                null, new Actor(key.getName(), from), KeyFilter.everything(), input, CallSource.WITHOUT_SESSION);
    }

    /** The caller. */
    Caller.Session session() {
        return Objects.requireNonNull(person, "a route that is called with a key has no session");
    }

    /** A reference to the key of the path, among the keys that the caller may see. */
    Result<KeyRef> key() {
        return input.text(Field.KEY)
                .flatMap(FieldChecks::keyId)
                .map(id -> Result.done(new KeyRef(id, visible)))
                .orElseGet(() -> Result.failed(ManagementProblem.Plain.KEY_NOT_FOUND));
    }

    /** This call, unless the session ended or changed its user during a slow step. */
    Result<Call> ifStillLoggedIn() {
        return source.sessionNow()
                .then(now -> now.owner().equals(session().owner())
                        ? Result.done(this)
                        : Result.failed(ManagementProblem.Plain.UNAUTHENTICATED));
    }
}
