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
        KeyCommands.Readers readers = new KeyCommands.Readers(
                ListReader.personal(keys), KeySpecReader.personal(keys), KeyUpdateReader.personal());
        return new Family(
                session -> Optional.of(KeyFilter.ownedBy(KeyKind.PERSONAL, session.owner())),
                new PersonalKeysCodec(
                        KeyFacts.of(keys),
                        KeyCommands.of(keys, stepUp, readers),
                        new KeyEnquiries(KeySettings.of(FamilyTraits.PERSONAL, keys, stepUp), new ReadAudit(keys))),
                stepUp.field());
    }

    /** A user's keys in all workspaces, independent of the workspace of the session. */
    static Family workspace(KeyService keys, StepUpCheck stepUp, ScopeCatalogue catalogue) {
        Grants grants = new Grants(keys, catalogue);
        KeyCommands.Readers readers = new KeyCommands.Readers(
                ListReader.workspace(keys), KeySpecReader.workspace(keys, grants), KeyUpdateReader.workspace(grants));
        return new Family(
                session -> Optional.of(
                        KeyFilter.everything().kind(KeyKind.WORKSPACE).user(session.user())),
                new WorkspaceKeysCodec(
                        KeyFacts.of(keys),
                        KeyCommands.of(keys, stepUp, readers),
                        new KeyEnquiries(KeySettings.of(FamilyTraits.WORKSPACE, keys, stepUp), new ReadKeyAudit(keys)),
                        new RevokeSelf(keys),
                        new ListGrantable(grants, (call, checks) -> new KeyFields(checks).place(call.session()))),
                stepUp.field());
    }

    /** The keys of the organization of the session. Revoked keys are only shown to people who ask for them. */
    static Family tenant(KeyService keys, StepUpCheck stepUp, ScopeCatalogue catalogue, ToolCatalogue tools) {
        Grants grants = new Grants(keys, catalogue);
        KeyCommands.Readers readers = new KeyCommands.Readers(
                ListReader.tenant(keys), KeySpecReader.tenant(keys, grants), KeyUpdateReader.tenant(grants));
        return new Family(
                session -> session.organization()
                        .map(id -> KeyFilter.ownedBy(KeyKind.ORGANIZATION, Owner.organization(id))),
                TenantKeysCodec.tenant(
                        KeyFacts.of(keys),
                        KeyCommands.of(keys, stepUp, readers),
                        new KeyEnquiries(KeySettings.of(FamilyTraits.TENANT, keys, stepUp), new ReadKeyAudit(keys)),
                        new TenantKeysCodec.TenantCommands(
                                new FindKey(keys),
                                new ToggleMcp(keys),
                                new ListGrantable(
                                        grants, (call, checks) -> call.visible().owner()),
                                new ExplainPolicy(keys, tools))),
                stepUp.field());
    }

    /** Everybody's keys, for administrators. Revoked keys are only shown to people who ask for them. */
    static Family administration(KeyService keys) {
        StepUpCheck none = StepUpCheck.none();
        return new Family(
                session -> session.isAdministrator() ? Optional.of(KeyFilter.everything()) : Optional.empty(),
                TenantKeysCodec.administration(
                        KeyFacts.of(keys),
                        new ListKeys(keys, ListReader.administration(keys)),
                        new RevokeKey(keys),
                        new KeyEnquiries(KeySettings.of(FamilyTraits.ADMIN, keys, none), new ReadKeyAudit(keys))),
                none.field());
    }
}
