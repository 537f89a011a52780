package dev.apikeys;

import dev.apikeys.IdlePolicy.Due;
import dev.apikeys.spi.AuditExport;
import dev.apikeys.spi.Housekeeping;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a service does by itself about keys that end or that nobody uses, and about the end of the audit trail. One node at a
 * time does it.
 *
 * <p>Thread-safe.
 */
final class Chores {
    static final Duration INTERVAL = Duration.ofMinutes(10);

    private final ChoreSettings settings;
    private final KeyChanges changes;
    private final Housekeeping store;
    private final WriteBehind uses;
    private final BoundedTime time;
    private final SharedTask noticing;
    private final SharedTask trimming;
    private final NoticeWalk walk;

    Chores(ChoreSettings settings, Housekeeping store, KeyChanges changes, WriteBehind uses, Lease time) {
        this.settings = settings;
        this.changes = changes;
        this.store = store;
        this.uses = uses;
        this.time = new BoundedTime(time);
        this.noticing = new SharedTask("notices", store, time);
        this.trimming = new SharedTask("audit-retention", store, time);
        this.walk = new NoticeWalk(store, noticing);
    }

    /** Tells whether there is anything to do at all. */
    boolean isWanted() {
        return settings.notices() != null || settings.idlePolicy() != null || settings.auditRetention() != null;
    }

    void stop() {
        noticing.stop();
        trimming.stop();
    }

    /** Interrupts a listener or an export that takes long. */
    void interruptHost() {
        noticing.interruptHost();
        trimming.interruptHost();
    }

    /**
     * Does what is due; nothing of what another node is at. Throws the latest failure, after everything was tried: keys that
     * can't be looked for hold up no audit entries.
     */
    synchronized void run() {
        writeUses();
        Instant now = time.now();
        try {
            lookAtKeys(now);
        } finally {
            trimAudit(now);
        }
    }

    private void lookAtKeys(Instant now) {
        NoticePolicy notices = settings.notices();
        IdlePolicy idle = settings.idlePolicy();
        if (notices != null || idle != null) {
            noticing.run(() -> {
                if (notices != null) {
                    new NoticeTask(notices, this::tell, walk).run(now);
                }
                if (idle != null) {
                    idleTask(idle).run(now);
                }
            });
        }
    }

    private void trimAudit(Instant now) {
        Duration retention = settings.auditRetention();
        if (retention != null) {
            AuditExport export = settings.auditExport();
            trimming.run(() -> new AuditTrimming(now.minus(retention), export, store, trimming).run());
        }
    }

    /** Writes what this node noted, so that no key that it saw in use seems unused. */
    void writeUses() {
        Background.quietly("Writing uses before looking for unused keys", uses::flush);
    }

    List<Due> idleDue() {
        IdlePolicy policy = settings.idlePolicy();
        return policy == null ? List.of() : idleDue(policy);
    }

    List<Due> idleDue(IdlePolicy policy) {
        return idleTask(policy).due(time.asTold());
    }

    private IdleTask idleTask(IdlePolicy policy) {
        return new IdleTask(policy, this::tell, walk, changes);
    }

    private void tell(KeyNotice notice) {
        noticing.call(() -> settings.listener().on(notice));
    }
}
