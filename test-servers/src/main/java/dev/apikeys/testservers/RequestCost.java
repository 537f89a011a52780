package dev.apikeys.testservers;

import com.sun.management.ThreadMXBean;
import jakarta.servlet.Filter;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.concurrent.BlockingQueue;

/**
 * What one request costs its thread. The time is that of the processor, which other processes don't disturb.
 *
 * @param bytes what it allocated
 * @param nanos how long the processor worked for it
 */
public record RequestCost(long bytes, long nanos) {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Measures what is behind this filter. */
    public static Filter measuredInto(BlockingQueue<RequestCost> costs) {
        return (request, response, chain) -> {
            RequestCost before = untilNow();
            chain.doFilter(request, response);
            costs.add(untilNow().since(before));
        };
    }

    /** The least time of equal requests: what else the machine does can only add to it. */
    public static long leastNanos(Collection<RequestCost> costs) {
        return costs.stream().mapToLong(RequestCost::nanos).min().orElseThrow();
    }

    private static RequestCost untilNow() {
        return new RequestCost(THREADS.getCurrentThreadAllocatedBytes(), THREADS.getCurrentThreadCpuTime());
    }

    private RequestCost since(RequestCost before) {
        return new RequestCost(bytes - before.bytes, nanos - before.nanos);
    }
}
