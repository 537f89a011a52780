package dev.apikeys.testservers;

import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty with the servlets and filters of a set-up. */
public final class JettyServer extends ServletServer {
    private final Server server;
    private final ServerConnector connector;

    private JettyServer(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    public static JettyServer start(Setup setup) throws Exception {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        ServletContextHandler context = new ServletContextHandler();
        context.setContextPath(setup.contextPath.isEmpty() ? "/" : setup.contextPath);
        if (setup.paths == Paths.LENIENT) {
            http.setUriCompliance(UriCompliance.UNSAFE);
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

        Server server = new Server();
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(0);
        server.addConnector(connector);
        server.setHandler(context);
        server.start();
        return new JettyServer(server, connector);
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
