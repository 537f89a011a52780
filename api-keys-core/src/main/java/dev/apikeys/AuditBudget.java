package dev.apikeys;

/**
 * How many refusals of one key may go into the audit trail: a few each minute, so that a flood of wrong secrets fills no
 * disk.
 *
 * <p>Thread-safe.
 */
final class AuditBudget {
    private static final int PER_MINUTE = 5;
    private static final long MINUTE_MILLIS = 60_000;

    private long minute;
    private int used;

    synchronized boolean take(long nowMillis) {
        long current = nowMillis / MINUTE_MILLIS;
        if (current != minute) {
            minute = current;
            used = 0;
        }
        return used < PER_MINUTE && ++used > 0;
    }
}
