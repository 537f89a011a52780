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
    static final ChoreSettings NONE = new ChoreSettings(null, notice -> {}, null, null, AuditExport.NONE);

    /**
     * Checks that each step of the idle policy sees every use from before the step that it follows.
     *
     * @param latest how long after a pause the last use of the key is written
     */
    void requireUsesKnownWithin(Duration latest) {
        if (idlePolicy != null && idlePolicy.shortestSpan().compareTo(latest) <= 0) {
            throw new IllegalStateException("a step of the idle policy follows after " + idlePolicy.shortestSpan()
                    + ", but a use may be written up to " + latest
                    + " late: the usage interval and the bound of the lease. Take a longer span");
        }
    }

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
