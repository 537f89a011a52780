package dev.apikeys.management;

import dev.apikeys.AuditEntry;
import dev.apikeys.AuditEvent;
import dev.apikeys.AuditFilter;
import dev.apikeys.KeyService;
import dev.apikeys.Page;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads a page of the audit trail of the caller's own keys, newest first. An event or a key that there is none of has
 * no entries; that is no error.
 */
final class ReadAudit implements Command<ReadAudit.Trail> {
    private final KeyService keys;

    ReadAudit(KeyService keys) {
        this.keys = keys;
    }

    /** One page, and which it is. */
    record Trail(Page<AuditEntry> entries, Paging paging) {}

    @Override
    public Result<Trail> run(Call call) {
        FieldChecks checks = new FieldChecks(call.input());
        Paging paging = Paging.lenientOrUsual(checks);
        Optional<AuditEvent> event = checks.event();
        Optional<UUID> key = checks.key();
        if ((checks.has(Field.EVENT) && event.isEmpty()) || (checks.has(Field.KEY) && key.isEmpty())) {
            return Result.done(new Trail(new Page<>(List.of(), 0), paging));
        }
        AuditFilter filter = AuditFilter.ownedBy(
                call.visible().kind().orElseThrow(), call.visible().owner().orElseThrow());
        if (event.isPresent()) {
            filter = filter.event(event.get());
        }
        if (key.isPresent()) {
            filter = filter.key(key.get());
        }
        return Result.done(new Trail(keys.audit(filter, paging.request()), paging));
    }
}
