package dev.apikeys;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A counter for the hot path. A thread adds by a plain read and a plain write in a place that it shares with few others,
 * because an atomic addition would cost several times as much. Two threads of one place that add in the same few
 * nanoseconds may count as one, so the sum can be slightly low; it is never too high.
 *
 * <p>Thread-safe.
 */
final class Tally {
    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int PLACES = 256;
    /** Numbers between two places: two cache lines of 64 bytes, which processors fetch in pairs. */
    private static final int SPACING = 16;

    private final long[] cells = new long[PLACES * SPACING];

    /** Adds one, and gives the count of this thread's place. */
    long increment() {
        int cell = ((int) Thread.currentThread().getId() & (PLACES - 1)) * SPACING;
        long count = (long) CELLS.getOpaque(cells, cell) + 1;
        CELLS.setOpaque(cells, cell, count);
        return count;
    }

    long sum() {
        long sum = 0;
        for (int cell = 0; cell < cells.length; cell += SPACING) {
            sum += (long) CELLS.getOpaque(cells, cell);
        }
        return sum;
    }
}
