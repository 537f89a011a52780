package dev.apikeys.gateway;

import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.FeedSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows the changes of a store through a relay ({@link ChangeFeedServlet}) instead of the store. Everything else, such as
 * loading a key, still goes to the store.
 *
 * <pre>{@code
 * RelayClient relay = RelayClient.builder(URI.create("https://relay.internal/feed")).key(() -> token).build();
 * KeyService keys = KeyService.builder(store).changes(relay).build();
 * }</pre>
 *
 * <p>The relay is believed as the store is: what it doesn't tell is not known. So the connection uses TLS, and an answer that
 * is late, too long, for another question, or not what the wire says confirms nothing, as if the store had not answered.
 *
 * <p>Immutable and thread-safe.
 */
public final class RelayClient implements FeedSource {
    private final URI address;
    private final HttpClient http;
    private final @Nullable Supplier<String> key;
    private final RelayTrouble trouble;

    private RelayClient(URI address, HttpClient http, @Nullable Supplier<String> key) {
        this.address = address;
        this.http = http;
        this.key = key;
        this.trouble = new RelayTrouble(address);
    }

    /**
     * Starts a client.
     *
     * @param relay where the relay's servlet is mapped, such as {@code https://relay.internal/feed}
     * @throws IllegalArgumentException if it is no such address
     */
    public static Builder builder(URI relay) {
        return new Builder(relay);
    }

    /** Connects to nobody yet. */
    @Override
    public ChangeFeed open(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        return new RelayedFeed(new RelayCall(address, http, key), trouble, timeout);
    }

    /** Shows the address and never the key. */
    @Override
    public String toString() {
        return "RelayClient[" + address + "]";
    }

    /**
     * The settings of a client.
     *
     * <p>Not thread-safe.
     */
    public static final class Builder {
        private final URI address;
        private @Nullable Supplier<String> key;
        private @Nullable HttpClient http;
        private boolean mayBePlain;

        private Builder(URI relay) {
            Objects.requireNonNull(relay, "relay");
            boolean isGood = relay.getHost() != null
                    && ("https".equals(relay.getScheme()) || "http".equals(relay.getScheme()))
                    && relay.getRawUserInfo() == null
                    && relay.getRawQuery() == null
                    && relay.getRawFragment() == null;
            if (!isGood) {
                throw new IllegalArgumentException(
                        "the address of a relay is like https://relay.internal/feed, without user, query and fragment");
            }
            this.address = withoutSlash(relay);
        }

        private static URI withoutSlash(URI relay) {
            String text = relay.toString();
            return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : relay;
        }

        /**
         * The token with which the node authenticates, asked for at each question; sent as {@code Authorization: Bearer}.
         * Without it the client's certificate or the network has to say who asks.
         */
        public Builder key(Supplier<String> token) {
            this.key = Objects.requireNonNull(token, "token");
            return this;
        }

        /**
         * The client, with the host's TLS settings; default one of the JDK with its defaults. It must not follow redirects:
         * they would send the key elsewhere. Questions go by HTTP/1.1, whichever version the client prefers.
         *
         * @throws IllegalArgumentException when it follows redirects
         */
        public Builder httpClient(HttpClient client) {
            Objects.requireNonNull(client, "client");
            if (client.followRedirects() != HttpClient.Redirect.NEVER) {
                throw new IllegalArgumentException("the client of a relay must not follow redirects");
            }
            this.http = client;
            return this;
        }

        /**
         * Lets the address be {@code http}, for a network that protects itself, such as a service mesh. Whoever can change
         * what is sent can keep revoked keys alive.
         */
        public Builder withoutTls() {
            mayBePlain = true;
            return this;
        }

        /**
         * The client.
         *
         * @throws IllegalStateException when the address is {@code http} on another machine, and not said to be safe
         */
        public RelayClient build() {
            if (address.getScheme().equals("http") && !mayBePlain && !isThisMachine(address.getHost())) {
                throw new IllegalStateException("a relay on another machine needs https; see withoutTls()");
            }
            HttpClient client = http != null
                    ? http
                    : HttpClient.newBuilder()
                            .connectTimeout(Duration.ofSeconds(2))
                            .build();
            return new RelayClient(address, client, key);
        }

        private static boolean isThisMachine(String host) {
            boolean isV4 = host.startsWith("127.") && host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
            return isV4 || host.equals("[::1]") || host.toLowerCase(Locale.ROOT).equals("localhost");
        }
    }
}
