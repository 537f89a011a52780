package dev.apikeys.cli;

import dev.apikeys.AuditEntry;
import dev.apikeys.AuditEvent;
import dev.apikeys.AuditFilter;
import dev.apikeys.Page;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the audit trail. */
@Command(
        name = "audit",
        description = "Shows the audit trail, the newest entry first.",
        footer = {
            "",
            "Examples:",
            "  api-keys-cli audit --event revoked",
            "  api-keys-cli audit --key 0192f0c1-7a3b-7c11-9f2e-6f1d2b3c4d5e --json"
        })
final class AuditCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--key", paramLabel = "KEY-ID", description = "Only entries about this key, which may be gone.")
    @Nullable
    private UUID key;

    @Option(names = "--event", paramLabel = "EVENT", description = "Only this event, one of: ${COMPLETION-CANDIDATES}.")
    @Nullable
    private AuditEvent event;

    @Mixin
    private final PageOptions page = new PageOptions();

    AuditCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        AuditFilter filter = AuditFilter.everything();
        if (key != null) {
            filter = filter.key(key);
        }
        if (event != null) {
            filter = filter.event(event);
        }
        try (OpenDatabase database = session.open()) {
            Page<AuditEntry> trail = database.keys().audit(filter, page.request());
            session.output().list(trail.items().stream().map(AuditCommand::line));
            session.output().message(trail.items().size() + " of " + Counted.entries(trail));
            return Exit.OK.code();
        }
    }

    private static Line line(AuditEntry entry) {
        return new Line()
                .field("at", entry.at())
                .cell("AT", KeyLine.shown(entry.at()))
                .both("EVENT", "event", entry.event())
                .field("keyId", entry.keyId().toString())
                .both("KEY", "keyName", entry.keyName())
                .field("user", entry.owner().user())
                .field("organization", entry.owner().organization())
                .field("workspace", entry.owner().workspace())
                .cell("OWNER", KeyLine.owner(entry.owner()))
                .both("ACTOR", "actor", entry.actor())
                .both(
                        "FROM",
                        "address",
                        Optional.ofNullable(entry.request().address()).orElse(""))
                .both("REASON", "reason", entry.reason());
    }
}
