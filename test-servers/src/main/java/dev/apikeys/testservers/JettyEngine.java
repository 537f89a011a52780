package dev.apikeys.testservers;

import dev.apikeys.testservers.ServletServer.FilterAt;
import dev.apikeys.testservers.ServletServer.Paths;
import dev.apikeys.testservers.ServletServer.ServletAt;
import dev.apikeys.testservers.ServletServer.Setup;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty. */
final class JettyEngine implements Engine {
    private final ServerConnector connector;
    private final ContextHandlerCollection contexts;
    private final Paths paths;

    private JettyEngine(ServerConnector connector, ContextHandlerCollection contexts, Paths paths) {
        this.connector = connector;
        this.contexts = contexts;
        this.paths = paths;
    }

    static JettyEngine start(Paths paths) throws Exception {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        if (paths == Paths.LENIENT) {
            http.setUriCompliance(UriCompliance.UNSAFE);
        }
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setDaemon(true);
        Server server = new Server(threads);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(0);
        server.addConnector(connector);
        ContextHandlerCollection contexts = new ContextHandlerCollection();
        server.setHandler(contexts);
        server.start();
        return new JettyEngine(connector, contexts, paths);
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public Application deploy(Setup setup) throws Exception {
        ServletContextHandler context = new ServletContextHandler();
        context.setContextPath(setup.contextPath.isEmpty() ? "/" : setup.contextPath);
        if (paths == Paths.LENIENT) {
            context.getServletHandler().setDecodeAmbiguousURIs(true);
        }
        setup.initializers.forEach(context::addServletContainerInitializer);
        for (FilterAt filter : setup.filters) {
            FilterHolder holder = new FilterHolder(filter.filter());
            holder.setAsyncSupported(true);
            for (String mapping : filter.mappings()) {
                context.addFilter(holder, mapping, FilterAt.dispatches());
            }
        }
        for (ServletAt servlet : setup.servlets) {
            ServletHolder holder = new ServletHolder(servlet.servlet());
            holder.setAsyncSupported(true);
            for (String mapping : servlet.mappings()) {
                context.addServlet(holder, mapping);
            }
        }
        ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
        setup.errorPages.forEach(page -> errors.addErrorPage(page.status(), page.location()));
        context.setErrorHandler(errors);
        contexts.addHandler(context);
        context.start();
        return () -> {
            context.stop();
            contexts.removeHandler(context);
        };
    }
}
