package dev.apikeys.gateway;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.testkit.FeedContract;
import dev.apikeys.testservers.ServletServer.Container;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every feed promises, asked over HTTP. */
abstract class RelayedFeedContract implements FeedContract {
    private final InMemoryApiKeyStore memory = new InMemoryApiKeyStore();
    private Relay relay;

    abstract void set(ChangeFeedServlet.Builder settings);

    @BeforeEach
    void start() throws Exception {
        relay = Relay.of(
                memory,
                Container.JETTY,
                settings -> set(settings.polling(Duration.ofMillis(10), Duration.ofMillis(200))));
    }

    @AfterEach
    void stop() {
        relay.close();
    }

    @Override
    public ApiKeyStore store() {
        return memory;
    }

    @Override
    public ChangeFeed feed() {
        return new SettledFeed(relay.client().open(Duration.ofSeconds(10)));
    }
}
