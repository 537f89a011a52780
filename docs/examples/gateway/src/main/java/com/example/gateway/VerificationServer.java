package com.example.gateway;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.KeyOptions;
import dev.apikeys.KeyOptions.SelfRevocation;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.LeasePolicy;
import dev.apikeys.gateway.Callers;
import dev.apikeys.gateway.Gateway;
import dev.apikeys.gateway.VerificationServlet;
import dev.apikeys.jdbi.JdbiApiKeyStore;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.ClientAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;

/** The verification endpoints on a port of their own, for a gateway on the same machine. */
public final class VerificationServer {
    private static final String DEMO = "jdbc:h2:mem:keys;DB_CLOSE_DELAY=-1";
    private static final String GATEWAY_ADDRESS = "127.0.0.1";

    private VerificationServer() {}

    /** Runs until it is killed. Without {@code -Djdbc.url} it has a database in memory, with two keys in it. */
    public static void main(String[] arguments) throws Exception {
        String url = System.getProperty("jdbc.url", DEMO);
        Gateway gateway = Gateway.valueOf(System.getProperty("gateway", "nginx").toUpperCase(Locale.ROOT));
        try (HikariDataSource database = database(url);
                KeyService keys = KeyService.builder(JdbiApiKeyStore.create(database))
                        .lease(lease())
                        .build()) {
            Server server = start(keys, gateway, Integer.getInteger("port", 8090));
            if (url.equals(DEMO)) {
                System.out.println("A key of alice: " + issue(keys, KeySpec.forUser("alice", "org_1"), "read:systems"));
                System.out.println(
                        "A key that may ask: " + issue(keys, KeySpec.forUser("gateway", "org_1"), "introspect:keys"));
            }
            System.out.println("Ready for " + gateway + " at " + server.getURI());
            server.join();
        }
    }

    // tag::lease[]
    /** A longer trust than the default of one second, so that gateways may keep answers for up to four seconds. */
    static LeasePolicy lease() {
        return LeasePolicy.DEFAULT.timing(Duration.ofMillis(250), Duration.ofMillis(200), Duration.ofSeconds(5));
    }
    // end::lease[]

    // tag::servlet[]
    /** What clients need at the gateway, and who may ask about tokens. */
    static VerificationServlet servlet(KeyService keys, Gateway gateway) {
        ApiKeyFilter rules = ApiKeyFilter.builder(keys)
                .clientAddress(ClientAddress.behindProxies(GATEWAY_ADDRESS))
                .permitAll("GET", "/health")
                .require("GET", "/systems/**", "read:systems")
                .require("DELETE", "/systems/**", "manage:systems")
                .build();
        return VerificationServlet.builder(keys)
                .gateways(GATEWAY_ADDRESS)
                .forwardAuthentication(rules, gateway)
                .introspection(Callers.withScope("introspect:keys"))
                .revocation()
                .build();
    }
    // end::servlet[]

    static Server start(KeyService keys, Gateway gateway, int port) throws Exception {
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(servlet(keys, gateway)), "/keys/*");
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        server.setHandler(context);
        server.start();
        return server;
    }

    private static HikariDataSource database(String url) {
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(url);
        pool.setUsername(System.getProperty("jdbc.user", "sa"));
        pool.setPassword(System.getProperty("jdbc.password", ""));
        return new HikariDataSource(pool);
    }

    private static String issue(KeyService keys, KeySpec spec, String scope) {
        KeySpec named = spec.named(scope).scopes(scope).with(KeyOptions.DEFAULT.with(SelfRevocation.ALLOWED));
        return keys.issue(named).token().reveal();
    }
}
