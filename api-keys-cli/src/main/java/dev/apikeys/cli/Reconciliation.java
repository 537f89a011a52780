package dev.apikeys.cli;

import dev.apikeys.Actor;
import dev.apikeys.ApiKey;
import dev.apikeys.ExportedKey;
import dev.apikeys.Grant;
import dev.apikeys.ImportOptions;
import dev.apikeys.ImportReport;
import dev.apikeys.ImportedKey;
import dev.apikeys.IpRange;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyOptions;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.KeyUpdate;
import dev.apikeys.cli.DeclaredKeys.Declared;
import dev.apikeys.spi.SecretHash;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Brings the keys of a database to what a file declares. Nothing is revoked, and no token is ever written twice. */
final class Reconciliation {
    private final KeyService keys;
    private final Actor actor;

    /** What is done with a key. */
    enum Action {
        ISSUE("issued"),
        IMPORT("imported"),
        UPDATE("updated"),
        NOTHING("left alone");

        private final String word;

        Action(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /**
     * One step.
     *
     * @param declared the key as declared
     * @param present the key as it is; null when it is absent
     * @param action what is done
     */
    record Step(Declared declared, @Nullable ApiKey present, Action action) {}

    Reconciliation(KeyService keys, Actor actor) {
        this.keys = keys;
        this.actor = actor;
    }

    /** What has to be done; changes nothing. */
    List<Step> plan(List<Declared> declared) {
        return declared.stream().map(this::step).toList();
    }

    private Step step(Declared declared) {
        ApiKey present = find(declared);
        if (present == null) {
            return new Step(declared, null, declared.isHashed() ? Action.IMPORT : Action.ISSUE);
        }
        boolean asDeclared = present.name().equals(declared.name())
                && present.grant().equals(declared.grant())
                && present.allowedFrom().equals(addresses(declared));
        return new Step(
                declared, present, asDeclared || !present.countsAt(keys.now()) ? Action.NOTHING : Action.UPDATE);
    }

    /** A key whose hash is declared is found by its id in every state: what was revoked is not brought back. */
    private @Nullable ApiKey find(Declared declared) {
        KeyFilter owned = KeyFilter.ownedBy(declared.kind(), declared.owner());
        if (declared.isHashed()) {
            return keys.find(Objects.requireNonNull(declared.id(), "id")).orElse(null);
        }
        return keys.listAll(owned.liveAt(keys.now())).stream()
                .filter(key -> key.name().equals(declared.name()))
                .findFirst()
                .orElse(null);
    }

    void carryOut(Step step) {
        switch (step.action()) {
            case ISSUE ->
                TokenTarget.intoFile(
                        Path.of(Objects.requireNonNull(step.declared().token(), "token")),
                        () -> keys.issue(spec(step.declared())));
            case IMPORT -> importKey(step.declared());
            case UPDATE ->
                keys.update(
                        KeyRef.of(Objects.requireNonNull(step.present(), "present")
                                .id()),
                        update(step.declared()),
                        actor);
            case NOTHING -> {
                // It is as declared.
            }
        }
    }

    private KeySpec spec(Declared declared) {
        KeySpec spec = KeySpec.of(declared.kind(), declared.owner())
                .named(declared.name())
                .granting(declared.grant())
                .allowedFrom(declared.addresses().toArray(String[]::new))
                .createdBy(actor);
        Instant end = declared.end();
        if (end != null) {
            return spec.expiresAt(end);
        }
        return declared.neverExpires() ? spec.neverExpires() : spec;
    }

    private static KeyUpdate update(Declared declared) {
        KeyUpdate update = KeyUpdate.nothing().named(declared.name());
        Grant grant = declared.grant();
        if (grant instanceof Grant.ByMode byMode) {
            update = update.mode(byMode.mode());
        } else if (grant instanceof Grant.ByScopes byScopes) {
            update = update.scopes(byScopes.scopes());
        }
        return update.allowedFrom(declared.addresses().toArray(String[]::new));
    }

    private void importKey(Declared declared) {
        String publicId = Objects.requireNonNull(declared.publicId(), "publicId");
        Instant now = keys.now();
        Instant end = declared.end();
        ApiKey key = new ApiKey(
                Objects.requireNonNull(declared.id(), "id"),
                publicId,
                declared.kind(),
                declared.owner(),
                declared.name(),
                declared.grant(),
                addresses(declared),
                KeyOptions.DEFAULT,
                now,
                actor.id(),
                end == null && !declared.neverExpires() ? now.plus(keys.policy().defaultLifetime()) : end,
                null,
                null,
                null,
                ApiKey.McpSessions.NONE,
                1);
        SecretHash hash = new SecretHash(Objects.requireNonNull(declared.hash(), "hash"));
        ImportReport report = keys.transfer()
                .importKeys(
                        Stream.of(ImportedKey.of(
                                new ExportedKey(key, List.of(new ExportedKey.Token(publicId, hash, null))))),
                        ImportOptions.DEFAULT);
        if (report.refused() > 0) {
            throw new CommandException(
                    Exit.REFUSED,
                    "the key '" + TextTable.harmless(declared.name()) + "' was refused: "
                            + report.firstRefused().get(0).reason());
        }
    }

    private static List<IpRange> addresses(Declared declared) {
        return declared.addresses().stream().map(IpRange::parse).toList();
    }
}
