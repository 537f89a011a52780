package dev.apikeys.management;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;

/** How long a page takes: the least of several times, because what else the machine does can only add to it. */
final class BestTime {
    private static final int MOST = 20;

    private BestTime() {}

    /** Measures until it took no longer than the bound once, at most {@value #MOST} times. */
    static long millis(String what, long bound, Callable<Object> measuredMillis) throws Exception {
        List<Long> all = new ArrayList<>();
        while (all.size() < MOST && (all.isEmpty() || Collections.min(all) > bound)) {
            all.add(((Number) measuredMillis.call()).longValue());
        }
        System.out.println(what + ", milliseconds: " + all);
        return Collections.min(all);
    }
}
