package dev.apikeys.quickstart;

import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.KeyService;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.jdbi.JdbiApiKeyStore;
import dev.apikeys.mcp.servlet.GuardFilter;
import dev.apikeys.password4j.PasswordStepUp;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.ApiKeyFilterBuilder;
import dev.apikeys.servlet.Bucket4jRateLimit;
import dev.apikeys.servlet.RateQuota;
import dev.apikeys.spi.StepUp;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.time.Clock;
import java.util.EnumSet;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * The example: a small application with users, sessions and an API under {@code /api}, and the code that adds API keys
 * to it.
 */
public final class Quickstart implements AutoCloseable {
    private static final EnumSet<DispatcherType> EVERY_DISPATCH = EnumSet.allOf(DispatcherType.class);
    private static final RateQuota RATE_OF_A_KEY = RateQuota.perSecond(50).burst(100);

    private final HikariDataSource dataSource;
    private final KeyService keys;
    private final SystemsMcp mcp;
    private final Server server;
    private final int port;

    private Quickstart(HikariDataSource dataSource, KeyService keys, SystemsMcp mcp, Server server, int port) {
        this.dataSource = dataSource;
        this.keys = keys;
        this.mcp = mcp;
        this.server = server;
        this.port = port;
    }

    /** Runs until the process is told to stop; the settings are system properties. */
    public static void main(String[] arguments) throws Exception {
        try {
            Quickstart quickstart = start(Settings.fromSystemProperties());
            CountDownLatch closed = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                quickstart.close();
                closed.countDown();
            }));
            System.out.println(Instructions.text(quickstart.port()));
            closed.await();
        } catch (CannotStartException reason) {
            System.err.println(reason.getMessage());
            System.exit(1);
        }
    }

    /**
     * Starts the example; when this returns, it answers.
     *
     * @throws CannotStartException when the port is taken, or the database can't be used
     */
    static Quickstart start(Settings settings) throws Exception {
        Server server = new Server();
        ServerConnector connector = listen(server, settings.port());
        try {
            HikariDataSource dataSource = Database.open(settings);
            Accounts accounts = new Accounts();
            KeyService keys = KeyService.builder(store(dataSource, settings))
                    .ownerDirectory(accounts)
                    .usageInterval(settings.usageInterval())
                    .build();
            Systems systems = new Systems(accounts);
            SystemsMcp mcp = new SystemsMcp(systems);
            server.setHandler(application(keys, accounts, systems, mcp));
            server.start();
            return new Quickstart(dataSource, keys, mcp, server, connector.getLocalPort());
        } finally {
            if (!server.isStarted()) {
                connector.close();
            }
        }
    }

    /** The demo application: its own parts, and among them the library's filter and servlet. */
    private static ServletContextHandler application(
            KeyService keys, Accounts accounts, Systems systems, SystemsMcp mcp) {
        StepUp passwords = new PasswordStepUp(accounts);
        Sessions sessions = new Sessions(accounts, Clock.systemUTC());

        // Decides about keys. Requests without a key continue to the demo's own filter behind it.
        ApiKeyFilterBuilder keyRules = ApiKeyFilter.builder(keys).passOtherCredentials();
        Rule.ALL.forEach(rule -> rule.addTo(keyRules));
        Management.permitIn(keyRules);
        ApiKeyFilter keyFilter = keyRules.requireKey("*", "/mcp/**")
                .rateLimit(Bucket4jRateLimit.local(RATE_OF_A_KEY))
                .build();

        // Decides what agents may do with a key, by the key's own policy.
        GuardFilter agents = GuardFilter.builder(keys).build();

        ServletContextHandler context = new ServletContextHandler();
        context.addFilter(keyFilter, "/*", EVERY_DISPATCH);
        context.addFilter(new SessionFilter(sessions), "/api/*", EVERY_DISPATCH);
        context.addFilter(agents, "/mcp/*", EVERY_DISPATCH);
        Management.addTo(context, keys, accounts, sessions, passwords);
        context.addServlet(new WhoamiServlet(), "/api/whoami");
        context.addServlet(new SystemsServlet(systems), "/api/systems/*");
        context.addServlet(mcp.servlet(), "/mcp/*");
        context.addServlet(new LoginServlet(accounts, sessions, passwords), "/login");
        context.addServlet(new SuspensionServlet(accounts, sessions, keys), "/demo/users/*");
        context.addServlet(new LogoutServlet(sessions), "/logout");
        context.addServlet(new WelcomeServlet(sessions), "");
        context.addServlet(new AssetServlet("front.css", "text/css"), "/front.css");
        context.addServlet(new AssetServlet("front.js", "text/javascript"), "/front.js");
        return context;
    }

    private static JdbiApiKeyStore store(HikariDataSource dataSource, Settings settings) throws CannotStartException {
        try {
            return JdbiApiKeyStore.create(dataSource);
        } catch (StoreUnavailableException | IllegalStateException unusable) {
            dataSource.close();
            throw new CannotStartException(
                    "Can't use the database " + settings.database() + ": " + unusable.getMessage());
        }
    }

    private static ServerConnector listen(Server server, int port) throws CannotStartException {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        try {
            connector.open();
            return connector;
        } catch (IOException taken) {
            throw new CannotStartException("Port " + port + " can't be used; another program may be listening there."
                    + " Choose another one with -Dport=…");
        }
    }

    /** Where it listens, on 127.0.0.1. */
    int port() {
        return port;
    }

    /** Where it issues keys, for tests. */
    KeyService keys() {
        return keys;
    }

    /** Stops the server, closes the service, and closes the database. */
    @Override
    public void close() {
        mcp.close();
        try {
            server.stop();
        } catch (Exception failure) {
            System.err.println("The server didn't stop cleanly: " + failure);
        }
        keys.close();
        dataSource.close();
    }
}
