package dev.apikeys.gateway;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import dev.apikeys.KeyServiceBuilder;
import dev.apikeys.KeySpec;
import dev.apikeys.LeasePolicy;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.FeedSource;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.URI;
import java.util.function.Consumer;
import java.util.function.Function;

/** A relay of a store in a real container, at {@code /feed/*}. Closing it undeploys the relay. */
final class Relay implements AutoCloseable {
    static final String SCOPE = "follow:changes";

    private final FaultyStore store;
    private final FaultyStore keyStore;
    private final KeyService keys;
    private final ChangeFeedServlet servlet;
    private final ServletServer server;
    private final String token;

    private Relay(
            FaultyStore store, FaultyStore keyStore, KeyService keys, ChangeFeedServlet servlet, ServletServer server) {
        this.store = store;
        this.keyStore = keyStore;
        this.keys = keys;
        this.servlet = servlet;
        this.server = server;
        this.token = issue(keys, SCOPE);
    }

    /** A relay with its defaults. */
    static Relay of(InMemoryApiKeyStore memory, Container container) throws Exception {
        return of(memory, container, settings -> {});
    }

    static Relay of(InMemoryApiKeyStore memory, Container container, Consumer<ChangeFeedServlet.Builder> settings)
            throws Exception {
        return of(memory, container, LeasePolicy.DEFAULT, store -> store::openChangeFeed, settings);
    }

    /** A relay of the given source. */
    static Relay of(
            InMemoryApiKeyStore memory,
            Container container,
            LeasePolicy lease,
            Function<FaultyStore, FeedSource> source,
            Consumer<ChangeFeedServlet.Builder> settings)
            throws Exception {
        FaultyStore store = new FaultyStore(memory);
        FaultyStore keyStore = new FaultyStore(memory);
        KeyService keys = KeyService.builder(keyStore).lease(lease).build();
        ChangeFeedServlet.Builder builder =
                ChangeFeedServlet.builder(keys, source.apply(store), Callers.withScope(SCOPE));
        settings.accept(builder);
        ChangeFeedServlet servlet = builder.build();
        ServletServer server =
                ServletServer.in(container).servlet(servlet, "/feed/*").start();
        return new Relay(store, keyStore, keys, servlet, server);
    }

    static String issue(KeyService keys, String scope) {
        return keys.issue(KeySpec.forOrganization("nodes").named(scope).scopes(scope))
                .token()
                .reveal();
    }

    /** Cuts the relay off its database, for its feed and for the keys of its readers. */
    void cutOff() {
        store.cutOff();
        keyStore.cutOff();
    }

    void heal() {
        store.heal();
        keyStore.heal();
    }

    /** What the relay's feed sees of the database. */
    FaultyStore store() {
        return store;
    }

    KeyService keys() {
        return keys;
    }

    ChangeFeedServlet servlet() {
        return servlet;
    }

    int port() {
        return server.port();
    }

    URI uri(String path) {
        return server.uri("/feed" + path);
    }

    /** With the scope. */
    String token() {
        return token;
    }

    RelayClient client() {
        return client(uri(""));
    }

    /** A client that reaches the relay by another address. */
    RelayClient client(URI address) {
        return RelayClient.builder(address).key(() -> token).build();
    }

    /** A node that loads keys from the store, and follows the relay. */
    static KeyService node(ApiKeyStore store, LeasePolicy lease, FeedSource changes) {
        KeyServiceBuilder builder = KeyService.builder(store).lease(lease).changes(changes);
        return builder.build();
    }

    @Override
    public void close() {
        heal();
        server.close();
        keys.close();
    }
}
