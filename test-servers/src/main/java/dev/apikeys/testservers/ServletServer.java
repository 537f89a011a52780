package dev.apikeys.testservers;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContainerInitializer;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An application in a real servlet container on a port of 127.0.0.1. Filters run for every dispatcher type, in the order in
 * which they were given; servlets and filters support asynchronous requests. The container is one of {@link Engines}: it
 * goes on when the application ends, and holds that of the next test.
 *
 * <pre>{@code
 * try (ServletServer server = ServletServer.in(Container.JETTY).filter(filter, "/*").servlet(servlet, "/api/*").start()) {
 *     Http.get(server.uri("/api/x"));
 * }
 * }</pre>
 */
public final class ServletServer implements AutoCloseable {
    /** Which container; for {@code @EnumSource}. */
    public enum Container {
        JETTY,
        TOMCAT
    }

    /** What the container does with paths that two readers may understand differently. */
    public enum Paths {
        /** What it does by itself. */
        AS_SHIPPED,
        /** Hands over as much as it can be made to, decoded. */
        LENIENT
    }

    public record ServletAt(Servlet servlet, List<String> mappings) {}

    public record FilterAt(Filter filter, List<String> mappings) {
        public static EnumSet<DispatcherType> dispatches() {
            return EnumSet.allOf(DispatcherType.class);
        }
    }

    public record ErrorPage(int status, String location) {}

    /** Collects what is to run. */
    public static final class Setup {
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

        public Setup servlet(Servlet servlet, String... mappings) {
            servlets.add(new ServletAt(servlet, List.of(mappings)));
            return this;
        }

        public Setup filter(Filter filter, String... mappings) {
            filters.add(new FilterAt(filter, List.of(mappings)));
            return this;
        }

        /** Answers this status by an ERROR dispatch to the location. */
        public Setup errorPage(int status, String location) {
            errorPages.add(new ErrorPage(status, location));
            return this;
        }

        /** Runs when the application starts, before the filters and servlets of this set-up. */
        public Setup initializer(ServletContainerInitializer atStart) {
            initializers.add(atStart);
            return this;
        }

        /** Empty, or beginning with a slash. */
        public Setup contextPath(String path) {
            contextPath = path;
            return this;
        }

        public Setup paths(Paths leniency) {
            paths = leniency;
            return this;
        }

        public ServletServer start() throws Exception {
            Engine engine = Engines.take(container, paths);
            return new ServletServer(this, engine, engine.deploy(this));
        }
    }

    private final Setup setup;
    private final Engine engine;
    private final Engine.Application application;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private ServletServer(Setup setup, Engine engine, Engine.Application application) {
        this.setup = setup;
        this.engine = engine;
        this.application = application;
    }

    public static Setup in(Container container) {
        return new Setup(container);
    }

    public int port() {
        return engine.port();
    }

    /** Of a path below the root, context path included. */
    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    @Override
    public void close() {
        if (!open.getAndSet(false)) {
            return;
        }
        try {
            application.stop();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
        Engines.giveBack(setup.container, setup.paths, engine);
    }
}
