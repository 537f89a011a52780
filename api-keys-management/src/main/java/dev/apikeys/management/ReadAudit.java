package dev.apikeys.management;

import dev.apikeys.AuditEntry;
import dev.apikeys.AuditEvent;
import dev.apikeys.AuditFilter;
import dev.apikeys.KeyService;
import dev.apikeys.Page;
import dev.apikeys.PageRequest;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A page of the audit trail of the caller's own keys, newest first. */
final class ReadAudit implements Command<ReadAudit.Trail> {
    private final KeyService keys;

    ReadAudit(KeyService keys) {
        this.keys = keys;
    }

    /**
     * One page.
     *
     * @param page its number, from 1
     * @param total how many entries all pages have
     */
    record Trail(List<AuditEntry> entries, int page, int pageSize, long total) {
        long pages() {
            return (total + pageSize - 1) / pageSize;
        }
    }

    @Override
    public Result<Trail> run(Call call) {
        FieldChecks checks = new FieldChecks(call.input());
        int page = checks.page();
        int size = checks.pageSize();
        Optional<AuditEvent> event = checks.event();
        Optional<UUID> key = checks.key();
        AuditFilter filter = AuditFilter.ownedBy(
                call.visible().kind().orElseThrow(), call.visible().owner().orElseThrow());
        if (event.isPresent()) {
            filter = filter.event(event.get());
        }
        if (key.isPresent()) {
            filter = filter.key(key.get());
        }
        return checks.unlessViolated(filter).map(wanted -> {
            Page<AuditEntry> found = keys.audit(wanted, PageRequest.page(page, size));
            return new Trail(found.items(), page, size, found.total());
        });
    }
}
