package dev.apikeys.benchmarks;

import dev.apikeys.GeneratedStore;
import dev.apikeys.KeyService;
import dev.apikeys.servlet.ApiKeyFilter;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does the filter do in one request, without the network? It is called again and again with the request and the
 * response that Jetty made for one real request. Everything is in the processor's caches here, so {@link FilterOverHttp}
 * shows more; this one also tells small changes apart on a machine that does other work.
 *
 * <p>{@code java -jar benchmarks/target/benchmarks.jar FilterAlone -prof gc}; subtract {@code clean} from {@code apiKey}. The
 * median of single calls hardly changes when the processor is taken away now and then.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(4)
@State(Scope.Benchmark)
public class FilterAlone {
    private static final FilterChain END = (request, response) -> {};

    private final SynchronousQueue<Exchange> exchanges = new SynchronousQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Server server = new Server();
    private final KeyService keys =
            KeyService.builder(new GeneratedStore(FilterServer.KEYS, null)).build();
    private final Filter apiKey = ApiKeyFilter.builder(keys)
            .permitAll("GET", "/cpu")
            .require("GET", "/systems", "read:systems")
            .build();
    private final Filter trivial = new OtherFilters.Trivial(GeneratedStore.token(0));
    private @Nullable Exchange lent;

    /** What Jetty made of a request, and the names of the attributes that the filter sets. */
    private record Exchange(HttpServletRequest request, HttpServletResponse response, List<String> attributes) {
        /** As if the filter had never seen it. */
        void clean() {
            for (String name : attributes) {
                request.removeAttribute(name);
            }
            response.reset();
        }
    }

    /** Lends its request until the benchmark is over. */
    private final class Lender extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            List<String> before = Collections.list(request.getAttributeNames());
            apiKey.doFilter(request, response, END);
            List<String> set = Collections.list(request.getAttributeNames());
            set.removeAll(before);
            try {
                exchanges.put(new Exchange(request, response, set));
                over.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Sends one request, and takes it. */
    @Setup
    public void start() throws Exception {
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(new Lender()), "/systems");
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(context);
        server.start();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/systems"))
                .header("Authorization", "Bearer " + GeneratedStore.token(0))
                .build();
        var unused = HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.discarding());
        Exchange taken = exchanges.take();
        taken.clean();
        lent = taken;
    }

    /** Gives it back. */
    @TearDown
    public void stop() throws Exception {
        over.countDown();
        server.stop();
        keys.close();
    }

    /** The library's filter lets the request in, and the request is made fresh. */
    @Benchmark
    public void apiKey() {
        call(apiKey);
        exchange().clean();
    }

    /** What it costs to make the request fresh. */
    @Benchmark
    public void clean() {
        exchange().clean();
    }

    /** A filter that compares one header with one text. */
    @Benchmark
    public void trivial() {
        call(trivial);
    }

    private Exchange exchange() {
        return Objects.requireNonNull(lent);
    }

    private void call(Filter filter) {
        try {
            filter.doFilter(exchange().request, exchange().response, END);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (ServletException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
