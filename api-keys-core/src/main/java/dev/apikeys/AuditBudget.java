package dev.apikeys;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the rejections of one key in the audit trail to a few each minute, so that a flood of wrong secrets doesn't
 * fill the disk.
 *
 * <p>Thread-safe.
 */
final class AuditBudget {
    private static final int PER_MINUTE = 5;
    private static final long MINUTE_MILLIS = 60_000;

    /** The start of the minute as a number, plus the number of entries that are used in that minute. */
    private final AtomicLong used = new AtomicLong();

    /** Takes a place, if one is left in this minute. If none is left, this method only reads. */
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
