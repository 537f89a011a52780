package dev.apikeys.cli;

import dev.apikeys.ApiKey;
import dev.apikeys.BulkRevocation;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.PageRequest;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Revokes one key, or all keys that match a filter. */
@Command(
        name = "revoke",
        description = {
            "Revokes one key, or all keys that match a filter and have not ended. This can't be undone.",
            "For a filter it shows how many keys there are and asks. A service rejects them within a second."
        },
        footer = {
            "",
            "Examples:",
            "  api-keys-cli revoke myk_5f0c9e3b7d2a41c68b90e3d7 --reason 'leaked in a log' --wait",
            "  api-keys-cli revoke --for-user alice --reason 'left the company' --dry-run",
            "  api-keys-cli revoke --unused-since 365d --yes"
        })
final class RevokeCommand implements Callable<Integer> {
    private static final String SINCE = " That is more than asked about: some were issued or changed since.";

    private final Session session;

    @Parameters(
            arity = "0..1",
            paramLabel = "KEY",
            description = "The key id, or the public id with or without the prefix. Never a whole token.")
    @Nullable
    private String key;

    @Mixin
    private final FilterOptions filter = new FilterOptions();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the audit trail.")
    private String reason = "";

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
        if ((key == null) != filter.isNarrow()) {
            throw CommandException.usage("name one KEY, or which keys by at least one option such as --for-user");
        }
        try (OpenDatabase database = session.open(new ServiceOptions(), waiting::apply)) {
            KeyService keys = database.keys();
            return (key != null ? revokeOne(keys, KeyReference.find(database, key)) : revokeMany(keys)).code();
        }
    }

    private Exit revokeOne(KeyService keys, ApiKey chosen) throws InterruptedException {
        if (dryRun) {
            return show(keys, Stream.of(chosen), 1);
        }
        if (waiting.isWanted()) {
            session.output().message("Waiting until no service can accept it…");
            keys.revokeAndWait(KeyRef.of(chosen.id()), actor.actor(), reason);
        } else {
            keys.revoke(KeyRef.of(chosen.id()), actor.actor(), reason);
        }
        session.output().message("Revoked 1 key.");
        return Exit.OK;
    }

    private Exit revokeMany(KeyService keys) throws InterruptedException {
        KeyFilter chosen = filter.filter(keys.now()).liveAt(keys.now());
        long count = keys.list(chosen, PageRequest.first(1)).total();
        if (dryRun) {
            return show(keys, keys.listAll(chosen).stream(), count);
        }
        if (count == 0) {
            session.output().message("No key matches.");
            return Exit.OK;
        }
        confirmation.require(session.surroundings(), "This revokes " + Counted.keys(count) + " and can't be undone.");
        BulkRevocation done = keys.cleanUp().revokeAll(chosen, actor.actor(), reason);
        session.output()
                .message("Revoked " + Counted.keys(done.revoked()) + "." + (done.revoked() > count ? SINCE : ""));
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

    private Exit show(KeyService keys, Stream<ApiKey> chosen, long count) {
        Instant now = keys.now();
        session.output().list(chosen.map(found -> KeyLine.of(found, now)));
        session.output().message("Would revoke " + Counted.keys(count) + ".");
        return Exit.OK;
    }
}
