package dev.apikeys;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many rejections of one key may go into the audit trail: a few each minute, so that a flood of wrong secrets fills no
 * disk.
 *
 * <p>Thread-safe.
 */
final class AuditBudget {
    private static final int PER_MINUTE = 5;
    private static final long MINUTE_MILLIS = 60_000;

    /** The first number of the minute, and on top of it how many entries of that minute are used. */
    private final AtomicLong used = new AtomicLong();

    /** Takes a place, if there is one left in this minute. A used-up budget is only read. */
    boolean take(long nowMillis) {
        long begin = Math.floorDiv(nowMillis, MINUTE_MILLIS) * (PER_MINUTE + 1);
        while (true) {
            long before = used.get();
            boolean isOfThisMinute = before >= begin && before <= begin + PER_MINUTE;
            long after = isOfThisMinute ? before + 1 : begin + 1;
            if (after > begin + PER_MINUTE) {
                return false;
            }
            if (used.compareAndSet(before, after)) {
                return true;
            }
        }
    }
}
