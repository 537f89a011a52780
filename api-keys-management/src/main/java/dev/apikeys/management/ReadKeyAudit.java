package dev.apikeys.management;

import dev.apikeys.AuditFilter;
import dev.apikeys.KeyService;

/** Reads a page of the audit trail of one key that the caller may see, newest first. */
final class ReadKeyAudit implements Command<ReadAudit.Trail> {
    private final KeyService keys;

    ReadKeyAudit(KeyService keys) {
        this.keys = keys;
    }

    @Override
    public Result<ReadAudit.Trail> run(Call call) {
        FieldChecks checks = new FieldChecks(call.input());
        Paging paging = Paging.strictOrFirst(checks);
        return call.key()
                .then(checks::unlessViolated)
                .then(ref -> keys.find(ref)
                        .map(key -> AuditFilter.everything().key(key.id()))
                        .map(about -> Result.done(new ReadAudit.Trail(keys.audit(about, paging.request()), paging)))
                        .orElseGet(() -> Result.failed(ManagementProblem.Plain.KEY_NOT_FOUND)));
    }
}
