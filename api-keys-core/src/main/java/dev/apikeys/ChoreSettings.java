package dev.apikeys;

import dev.apikeys.spi.AuditExport;
import dev.apikeys.spi.NoticeListener;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a service does by itself besides maintenance; what is null is not done. */
record ChoreSettings(
        @Nullable NoticePolicy notices,
        NoticeListener listener,
        @Nullable IdlePolicy idlePolicy,
        @Nullable Duration auditRetention,
        AuditExport auditExport) {
    static final ChoreSettings NONE = new ChoreSettings(null, notice -> {}, null, null, entries -> {});

    ChoreSettings with(NoticePolicy policy, NoticeListener to) {
        return new ChoreSettings(policy, to, idlePolicy, auditRetention, auditExport);
    }

    ChoreSettings with(IdlePolicy policy) {
        return new ChoreSettings(notices, listener, policy, auditRetention, auditExport);
    }

    ChoreSettings with(Duration retention, AuditExport export) {
        return new ChoreSettings(notices, listener, idlePolicy, retention, export);
    }
}
