package com.example.gateway;

import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.gateway.Callers;
import dev.apikeys.gateway.ChangeFeedServlet;
import dev.apikeys.gateway.RelayClient;
import dev.apikeys.spi.ApiKeyStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.function.Supplier;

/** Many nodes that learn of changes from a relay, so that the database is asked by the relay alone. */
public final class Relays {
    private Relays() {}

    // tag::relay[]
    /** To be mapped to a path such as {@code /feed/*}, with asyncSupported. */
    static ChangeFeedServlet relay(KeyService keys, ApiKeyStore store) {
        return ChangeFeedServlet.builder(keys, store::openChangeFeed, Callers.withScope("follow:changes"))
                .build();
    }
    // end::relay[]

    // tag::node[]
    /** A node that follows the relay; it still loads keys from the store. */
    static KeyService node(ApiKeyStore store, URI relay, Supplier<String> token, HttpClient client) {
        RelayClient changes =
                RelayClient.builder(relay).key(token).httpClient(client).build();
        return KeyService.builder(store)
                .lease(LeasePolicy.DEFAULT)
                .changes(changes)
                .build();
    }
    // end::node[]
}
