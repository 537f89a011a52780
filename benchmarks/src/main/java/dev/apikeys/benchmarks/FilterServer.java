package dev.apikeys.benchmarks;

import dev.apikeys.GeneratedStore;
import dev.apikeys.KeyService;
import dev.apikeys.servlet.ApiKeyFilter;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.jspecify.annotations.Nullable;

/**
 * Jetty with one servlet that answers a few bytes, behind one kind of filter. Prints its port, serves until its standard
 * input ends; {@code /cpu} tells how much processor time the process took so far, in nanoseconds.
 */
final class FilterServer {
    /** How many keys the filter knows. */
    static final int KEYS = 1_000;

    private static final byte[] ANSWER = "{\"systems\":[]}".getBytes(StandardCharsets.US_ASCII);

    private FilterServer() {}

    /** What stands before the servlet. */
    enum Kind {
        /** Nothing. */
        NONE,
        /** A comparison of one header with one text. */
        TRIVIAL,
        /** The library's filter, asking for a scope. */
        API_KEY,
        /** A bearer token checked by Nimbus, HS256 and expiry. */
        JWT
    }

    /**
     * Serves.
     *
     * @param arguments the name of a {@link Kind}
     */
    public static void main(String[] arguments) throws Exception {
        Kind kind = Kind.valueOf(arguments[0]);
        try (KeyService keys =
                KeyService.builder(new GeneratedStore(KEYS, null)).build()) {
            ServletContextHandler context = new ServletContextHandler();
            Filter filter = filter(kind, keys);
            if (filter != null) {
                ServerProcess.add(context, filter, "/*");
            }
            context.addServlet(new ServletHolder(new Systems()), "/systems");
            context.addServlet(new ServletHolder(new Cpu()), "/cpu");
            ServerProcess.serve(context);
        }
    }

    private static @Nullable Filter filter(Kind kind, KeyService keys) {
        return switch (kind) {
            case NONE -> null;
            case TRIVIAL -> new OtherFilters.Trivial(GeneratedStore.token(0));
            case API_KEY ->
                ApiKeyFilter.builder(keys)
                        .permitAll("GET", "/cpu")
                        .require("GET", "/systems", "read:systems")
                        .build();
            case JWT -> new OtherFilters.Jwt();
        };
    }

    private static final class Systems extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("application/json");
            response.setContentLength(ANSWER.length);
            response.getOutputStream().write(ANSWER);
        }
    }

    private static final class Cpu extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            response.setContentType("text/plain");
            response.getWriter().print(system.getProcessCpuTime());
        }
    }
}
