package dev.apikeys.cli;

import dev.apikeys.Actor;
import dev.apikeys.ApiKey;
import dev.apikeys.ApiKeyException;
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
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.cli.DeclaredKeys.Declared;
import dev.apikeys.spi.SecretHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
        NOTHING("left alone"),
        REFUSED("refused");

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
     * @param reason why it is refused; empty otherwise
     */
    record Step(Declared declared, @Nullable ApiKey present, Action action, String reason) {
        Step refused(String why) {
            return new Step(declared, present, Action.REFUSED, why);
        }
    }

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
            Step absent = new Step(declared, null, declared.isHashed() ? Action.IMPORT : Action.ISSUE, "");
            return declared.isHashed() || !Files.exists(tokenFile(declared), LinkOption.NOFOLLOW_LINKS)
                    ? absent
                    : absent.refused("the file " + declared.token() + " exists, and is not overwritten");
        }
        if (declared.isHashed() && !isSameKey(declared, present)) {
            return new Step(declared, present, Action.NOTHING, "")
                    .refused("another key has this id, or its owner or its token is another one by now");
        }
        if (!present.countsAt(keys.now())) {
            return new Step(declared, present, Action.NOTHING, "");
        }
        Step found = new Step(declared, present, isAsDeclared(declared, present) ? Action.NOTHING : Action.UPDATE, "");
        if (!declared.isHashed() && isEmpty(tokenFile(declared))) {
            return found.refused(
                    "a run was stopped before it wrote the token, which is lost: revoke the key, and remove"
                            + " the empty file " + declared.token());
        }
        return declared.neverExpires() && present.expiresAt() != null
                ? found.refused("it ends at " + present.expiresAt()
                        + ", and no key can be made endless: revoke it, and issue another")
                : found;
    }

    /** Of this owner, with this token: what is declared of a key must not become another one's. */
    private boolean isSameKey(Declared declared, ApiKey present) {
        return present.kind() == declared.kind()
                && present.owner().equals(declared.owner())
                && present.publicId().equals(declared.publicId())
                && keys.transfer()
                                .importKeys(Stream.of(imported(declared)), ImportOptions.DEFAULT.dryRun())
                                .refused()
                        == 0;
    }

    private static boolean isAsDeclared(Declared declared, ApiKey present) {
        Instant end = declared.end();
        return present.name().equals(declared.storedName())
                && present.grant().equals(declared.grant())
                && present.allowedFrom().equals(declared.addresses())
                && (end == null || end.equals(present.expiresAt()))
                && (declared.metadata() == null || present.options().metadata().equals(declared.metadata()));
    }

    private static Path tokenFile(Declared declared) {
        return Path.of(Objects.requireNonNull(declared.token(), "token"));
    }

    private static boolean isEmpty(Path file) {
        try {
            return Files.isRegularFile(file) && Files.size(file) == 0;
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** A key whose hash is declared is found by its id in every state: what was revoked is not brought back. */
    private @Nullable ApiKey find(Declared declared) {
        KeyFilter owned = KeyFilter.ownedBy(declared.kind(), declared.owner());
        if (declared.isHashed()) {
            return keys.find(Objects.requireNonNull(declared.id(), "id")).orElse(null);
        }
        return keys.listAll(owned.liveAt(keys.now())).stream()
                .filter(key -> key.name().equals(declared.storedName()))
                .findFirst()
                .orElse(null);
    }

    /**
     * Does it.
     *
     * @return the step, or why it was refused
     * @throws StoreUnavailableException when the database failed
     */
    Step carryOut(Step step) {
        try {
            switch (step.action()) {
                case ISSUE -> TokenTarget.intoFile(tokenFile(step.declared()), () -> keys.issue(spec(step.declared())));
                case IMPORT -> importKey(step.declared());
                case UPDATE ->
                    keys.update(
                            KeyRef.of(Objects.requireNonNull(step.present(), "present")
                                    .id()),
                            update(step.declared()),
                            actor);
                case NOTHING, REFUSED -> {
                    // There is nothing to do.
                }
            }
            return step;
        } catch (StoreUnavailableException away) {
            throw away;
        } catch (CommandException | ApiKeyException | IllegalArgumentException refused) {
            return step.refused(Objects.requireNonNullElse(refused.getMessage(), "a rule refused it"));
        }
    }

    private KeySpec spec(Declared declared) {
        KeySpec spec = declared.spec().createdBy(actor);
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
        if (declared.metadata() != null) {
            update = update.metadata(declared.metadata());
        }
        Instant end = declared.end();
        if (end != null) {
            update = update.expiresAt(end);
        }
        return update.allowedFrom(
                declared.addresses().stream().map(IpRange::toString).toArray(String[]::new));
    }

    private void importKey(Declared declared) {
        ImportReport report = keys.transfer().importKeys(Stream.of(imported(declared)), ImportOptions.DEFAULT);
        if (report.refused() > 0) {
            throw new CommandException(
                    Exit.REFUSED, report.firstRefused().get(0).reason());
        }
    }

    private ImportedKey imported(Declared declared) {
        String publicId = Objects.requireNonNull(declared.publicId(), "publicId");
        Instant now = keys.now();
        Instant end = declared.end();
        ApiKey key = new ApiKey(
                Objects.requireNonNull(declared.id(), "id"),
                publicId,
                declared.kind(),
                declared.owner(),
                declared.storedName(),
                declared.grant(),
                declared.addresses(),
                KeyOptions.DEFAULT.with(Objects.requireNonNullElse(declared.metadata(), Map.of())),
                now,
                actor.id(),
                end == null && !declared.neverExpires() ? now.plus(keys.policy().defaultLifetime()) : end,
                null,
                null,
                null,
                ApiKey.McpSessions.NONE,
                1);
        SecretHash hash = new SecretHash(Objects.requireNonNull(declared.hash(), "hash"));
        return ImportedKey.of(new ExportedKey(key, List.of(new ExportedKey.Token(publicId, hash, null))));
    }
}
