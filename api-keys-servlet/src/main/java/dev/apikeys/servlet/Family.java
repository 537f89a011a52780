package dev.apikeys.servlet;

import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyService;
import dev.apikeys.spi.StepUp;
import java.util.Optional;
import java.util.function.Function;

/**
 * One of the contract's families of endpoints.
 *
 * @param visible the keys that a person may see and change here; empty for one who has no business here at all
 * @param codec how it speaks, and what can be called
 */
record Family(Function<Caller.Session, Optional<KeyFilter>> visible, Codec codec) {
    /** A user's own keys. */
    static Family personal(KeyService keys, StepUp stepUp) {
        return new Family(
                session -> Optional.of(KeyFilter.ownedBy(KeyKind.PERSONAL, session.owner())),
                new PersonalKeysCodec(
                        new ListKeys(keys), new CreateKey(keys, stepUp), new RevokeKey(keys), new ReadAudit(keys)));
    }
}
