package dev.apikeys.management;

import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyService;
import dev.apikeys.Owner;
import java.util.Optional;
import java.util.function.Function;

/**
 * One of the contract's families of endpoints.
 *
 * @param visible the keys that a person may see and change here; empty for a person who may not use this family
 * @param codec its dialect and its routes
 * @param proof the name of the field that proves who the caller is; empty if there is none
 */
record Family(Function<Caller.Session, Optional<KeyFilter>> visible, Codec codec, Optional<String> proof) {
    /**
     * Checks the name of the proof's field.
     *
     * @throws IllegalStateException if the family has another field with this name
     */
    Family {
        codec.names().forEach((field, name) -> {
            if (field != Field.PROOF && proof.filter(name::equals).isPresent()) {
                throw new IllegalStateException("the field of the step-up is taken by " + field + ": " + name);
            }
        });
    }

    /** The name of a field in requests; empty if nothing of it is read. */
    Optional<String> name(Field field) {
        return field == Field.PROOF ? proof : Optional.of(codec.name(field));
    }

    /** A user's own keys. */
    static Family personal(KeyService keys, StepUpCheck stepUp) {
        return new Family(
                session -> Optional.of(KeyFilter.ownedBy(KeyKind.PERSONAL, session.owner())),
                new PersonalKeysCodec(
                        new ListKeys(keys, Paging::lenient),
                        new CreateKey(keys, stepUp, KeySpecReader.personal(keys)),
                        new RevokeKey(keys),
                        new ReadAudit(keys)),
                stepUp.field());
    }

    /** A user's keys in all workspaces, independent of the workspace of the session. */
    static Family workspace(KeyService keys, StepUpCheck stepUp, ScopeCatalogue catalogue) {
        Grants grants = new Grants(keys, catalogue);
        return new Family(
                session -> Optional.of(
                        KeyFilter.everything().kind(KeyKind.WORKSPACE).user(session.user())),
                new WorkspaceKeysCodec(
                        KeyFacts.of(keys),
                        new ListKeys(keys, nothing -> Optional.empty()),
                        new CreateKey(keys, stepUp, KeySpecReader.workspace(grants)),
                        new RevokeKey(keys),
                        new RevokeSelf(keys),
                        new ListGrantable(grants)),
                stepUp.field());
    }

    /**
     * The keys of the organization of the session. Revoked keys are not shown, because nothing in this family would
     * mark them as revoked.
     */
    static Family tenant(KeyService keys, StepUpCheck stepUp, ScopeCatalogue catalogue) {
        Grants grants = new Grants(keys, catalogue);
        return new Family(
                session -> session.organization()
                        .map(id -> KeyFilter.ownedBy(KeyKind.ORGANIZATION, Owner.organization(id))
                                .unrevoked()),
                TenantKeysCodec.tenant(
                        KeyFacts.of(keys),
                        new ListKeys(keys, Paging::strict),
                        new CreateKey(keys, stepUp, KeySpecReader.tenant(keys, grants)),
                        new FindKey(keys),
                        new UpdateKey(keys, grants),
                        new ToggleMcp(keys),
                        new RevokeKey(keys)),
                stepUp.field());
    }

    /** Everybody's keys, for administrators. */
    static Family administration(KeyService keys) {
        return new Family(
                session -> session.isAdministrator()
                        ? Optional.of(KeyFilter.everything().unrevoked())
                        : Optional.empty(),
                TenantKeysCodec.administration(KeyFacts.of(keys), new SearchKeys(keys), new RevokeKey(keys)),
                Optional.empty());
    }
}
