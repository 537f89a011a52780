package dev.apikeys.gateway;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.LeasePolicy;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.testkit.FeedContract;
import dev.apikeys.testservers.ServletServer.Container;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every feed promises, asked over HTTP. */
abstract class RelayedFeedContract implements FeedContract {
    private final InMemoryApiKeyStore memory = new InMemoryApiKeyStore();
    private final List<Relay> relays = new ArrayList<>();

    /** How many relays follow each other; the last one is asked. */
    abstract int hops();

    abstract void set(ChangeFeedServlet.Builder settings);

    @BeforeEach
    void start() throws Exception {
        for (int hop = 0; hop < hops(); hop++) {
            Relay above = hop == 0 ? null : relays.get(hop - 1);
            relays.add(Relay.of(
                    memory,
                    Container.JETTY,
                    LeasePolicy.DEFAULT,
                    store -> above == null ? store::openChangeFeed : above.client(),
                    settings -> set(settings.polling(Duration.ofMillis(10), Duration.ofMillis(200)))));
        }
    }

    @AfterEach
    void stop() {
        relays.forEach(Relay::close);
    }

    @Override
    public ApiKeyStore store() {
        return memory;
    }

    @Override
    public ChangeFeed feed() {
        return new SettledFeed(relays.get(hops() - 1).client().open(Duration.ofSeconds(10)));
    }
}
