package dev.apikeys.testservers;

import com.sun.management.ThreadMXBean;
import jakarta.servlet.Filter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What one request costs its thread. The time is that of the processor, which other processes don't disturb.
 *
 * @param bytes what it allocated
 * @param nanos how long the processor worked for it
 */
public record RequestCost(long bytes, long nanos) {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int MEASURED = 15;
    private static final int MOST = 500;

    /** Measures what is behind this filter. */
    public static Filter measuredInto(BlockingQueue<RequestCost> costs) {
        return (request, response, chain) -> {
            RequestCost before = untilNow();
            chain.doFilter(request, response);
            costs.add(untilNow().since(before));
        };
    }

    /** Sends a request whose cost is measured. */
    public interface Request {
        void send() throws Exception;
    }

    /**
     * The costs of a request that is sent again and again: at least {@value #MEASURED} times and then, on a machine that has
     * little time for the compiler, until it takes less than the bound once, at most {@value #MOST} times.
     *
     * @param costs where its costs are put when it was answered
     * @param warmUp how many more are sent before: they load and compile classes, which is no cost of the request
     */
    public static List<RequestCost> ofRepeated(
            BlockingQueue<RequestCost> costs, int warmUp, long boundNanos, Request request) throws Exception {
        List<RequestCost> measured = new ArrayList<>();
        for (int i = -warmUp; i < MEASURED || (i < MOST && leastNanos(measured) >= boundNanos); i++) {
            request.send();
            RequestCost cost = Objects.requireNonNull(costs.poll(10, TimeUnit.SECONDS), "not measured");
            if (i >= 0) {
                measured.add(cost);
            }
        }
        return measured;
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
