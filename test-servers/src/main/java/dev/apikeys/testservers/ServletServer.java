package dev.apikeys.testservers;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContainerInitializer;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * A real servlet container on a free port of 127.0.0.1. Filters run for every dispatcher type, in the order in which
 * they were given; servlets and filters support asynchronous requests.
 *
 * <pre>{@code
 * try (ServletServer server = ServletServer.in(Container.JETTY).filter(filter, "/*").servlet(servlet, "/api/*").start()) {
 *     Http.get(server.uri("/api/x"));
 * }
 * }</pre>
 */
abstract class ServletServer implements AutoCloseable {
    /** Which container; for {@code @EnumSource}. */
    enum Container {
        JETTY,
        TOMCAT
    }

    /** What the container does with paths that two readers may understand differently. */
    enum Paths {
        /** What it does by itself. */
        AS_SHIPPED,
        /** Hands over as much as it can be made to, decoded. */
        LENIENT
    }

    record ServletAt(Servlet servlet, List<String> mappings) {}

    record FilterAt(Filter filter, List<String> mappings) {
        static EnumSet<DispatcherType> dispatches() {
            return EnumSet.allOf(DispatcherType.class);
        }
    }

    record ErrorPage(int status, String location) {}

    /** Collects what is to run. */
    static final class Setup {
        final Container container;
        final List<ServletAt> servlets = new ArrayList<>();
        final List<FilterAt> filters = new ArrayList<>();
        final List<ErrorPage> errorPages = new ArrayList<>();
        final List<ServletContainerInitializer> initializers = new ArrayList<>();
        String contextPath = "";
        Paths paths = Paths.AS_SHIPPED;

        private Setup(Container container) {
            this.container = container;
        }

        Setup servlet(Servlet servlet, String... mappings) {
            servlets.add(new ServletAt(servlet, List.of(mappings)));
            return this;
        }

        Setup filter(Filter filter, String... mappings) {
            filters.add(new FilterAt(filter, List.of(mappings)));
            return this;
        }

        /** Answers this status by an ERROR dispatch to the location. */
        Setup errorPage(int status, String location) {
            errorPages.add(new ErrorPage(status, location));
            return this;
        }

        /** Runs when the application starts, before the filters and servlets of this set-up. */
        Setup initializer(ServletContainerInitializer atStart) {
            initializers.add(atStart);
            return this;
        }

        /** Empty, or beginning with a slash. */
        Setup contextPath(String path) {
            contextPath = path;
            return this;
        }

        Setup paths(Paths leniency) {
            paths = leniency;
            return this;
        }

        ServletServer start() throws Exception {
            return container == Container.JETTY ? JettyServer.start(this) : TomcatServer.start(this);
        }
    }

    static Setup in(Container container) {
        return new Setup(container);
    }

    abstract int port();

    /** Of a path below the root, context path included. */
    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    @Override
    public abstract void close();
}
