package dev.apikeys.cli;

import dev.apikeys.ApiKey;
import dev.apikeys.BulkRevocation;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.Page;
import dev.apikeys.PageRequest;
import dev.apikeys.cli.RepeatedRevocations.Was;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Revokes one key, or all keys that match a filter. */
@Command(
        name = "revoke",
        description = {
            "Revokes one key, all keys that match a filter and have not ended, or all that an audit trail names. This can't"
                    + " be undone.",
            "For a filter it shows how many keys there are and asks. A service rejects them within a second."
        },
        footer = {
            "",
            "Examples:",
            "  api-keys-cli revoke myk_5f0c9e3b7d2a41c68b90e3d7 --reason 'leaked in a log' --wait",
            "  api-keys-cli revoke --for-user alice --reason 'left the company' --dry-run",
            "  api-keys-cli revoke --unused-since 365d --yes",
            "  api-keys-cli revoke --from-audit revoked.json --dry-run"
        })
final class RevokeCommand implements Callable<Integer> {
    private static final String SINCE = " That is more than asked about: some were issued or changed since.";

    private final Session session;

    @Mixin
    private final RevocationTarget target = new RevocationTarget();

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "Why, for the audit trail; with --from-audit by default the reason that it names.")
    @Nullable
    private String reason;

    @Option(names = "--dry-run", description = "Only show which keys would be revoked.")
    private boolean dryRun;

    @Mixin
    private final WaitOptions waiting = new WaitOptions();

    @Mixin
    private final Confirmation confirmation = new Confirmation();

    @Mixin
    private final ActorOption actor = new ActorOption();

    RevokeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        target.requireOne();
        // Read before anything is done.
        AuditFile trail = target.trail == null ? null : AuditFile.read(target.trail);
        try (OpenDatabase database = session.open(new ServiceOptions(), waiting::apply)) {
            KeyService keys = database.keys();
            if (trail != null) {
                return repeat(keys, trail).code();
            }
            String key = target.key;
            return (key != null ? revokeOne(keys, KeyReference.find(database, key)) : revokeMany(keys)).code();
        }
    }

    private Exit revokeOne(KeyService keys, ApiKey chosen) throws InterruptedException {
        if (dryRun) {
            return show(keys, Stream.of(chosen), 1);
        }
        if (waiting.isWanted()) {
            session.output().message("Waiting until no service can accept it…");
            keys.revokeAndWait(KeyRef.of(chosen.id()), actor.actor(), reason());
        } else {
            keys.revoke(KeyRef.of(chosen.id()), actor.actor(), reason());
        }
        session.output().message("Revoked 1 key.");
        return Exit.OK;
    }

    private Exit revokeMany(KeyService keys) throws InterruptedException {
        KeyFilter chosen = target.filter.filter(keys.now()).liveAt(keys.now());
        if (dryRun) {
            List<ApiKey> all = keys.listAll(chosen);
            return show(keys, all.stream(), all.size());
        }
        Page<ApiKey> first = keys.list(chosen, PageRequest.first(1));
        if (first.items().isEmpty()) {
            session.output().message("No key matches.");
            return Exit.OK;
        }
        confirmation.require(session.surroundings(), "This revokes " + Counted.keys(first) + " and can't be undone.");
        BulkRevocation done = keys.cleanUp().revokeAll(chosen, actor.actor(), reason());
        session.output().message("Revoked " + Counted.keys(done.revoked()) + "." + (isMore(done, first) ? SINCE : ""));
        if (waiting.isWanted()) {
            session.output().message("Waiting until no service can accept them…");
            waiting.until(done.effectiveEverywhereBy(), keys::now);
        }
        if (!done.unchanged().isEmpty()) {
            session.output()
                    .message(Counted.keys(done.unchanged().size())
                            + " were being changed by others and are not revoked;" + " run the command again.");
            return Exit.INCOMPLETE;
        }
        return Exit.OK;
    }

    private static boolean isMore(BulkRevocation done, Page<ApiKey> asked) {
        return !asked.isEstimated() && done.revoked() > asked.total();
    }

    private Exit repeat(KeyService keys, AuditFile trail) throws InterruptedException {
        RepeatedRevocations before = new RepeatedRevocations(keys, actor.actor(), reason);
        before.look(trail);
        long count = before.count(Was.TO_REVOKE);
        if (dryRun || count == 0) {
            session.output().list(before.lines().stream());
            String done = dryRun ? "Would revoke " : "Revoked ";
            session.output().message(done + Counted.keys(count) + "." + others(before, trail));
            return Exit.OK;
        }
        confirmation.require(session.surroundings(), "This revokes " + Counted.keys(count) + " and can't be undone.");
        RepeatedRevocations done = new RepeatedRevocations(keys, actor.actor(), reason);
        done.carryOut(trail);
        session.output().list(done.lines().stream());
        session.output().message("Revoked " + Counted.keys(done.count(Was.REVOKED)) + "." + others(done, trail));
        if (waiting.isWanted() && done.effectiveEverywhereBy().isPresent()) {
            session.output().message("Waiting until no service can accept them…");
            waiting.until(done.effectiveEverywhereBy().get(), keys::now);
        }
        return Exit.OK;
    }

    private static String others(RepeatedRevocations keys, AuditFile trail) {
        return " Revoked already: " + keys.count(Was.REVOKED_ALREADY) + ", not there: " + keys.count(Was.NOT_THERE)
                + "."
                + (trail.otherChanges() == 0
                        ? ""
                        : " Rotations and other changes in the file, which this can't repeat: " + trail.otherChanges()
                                + ".");
    }

    private String reason() {
        return reason == null ? "" : reason;
    }

    private Exit show(KeyService keys, Stream<ApiKey> chosen, long count) {
        Instant now = keys.now();
        session.output().list(chosen.map(found -> KeyLine.of(found, now)));
        session.output().message("Would revoke " + Counted.keys(count) + ".");
        return Exit.OK;
    }
}
