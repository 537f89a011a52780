package dev.apikeys.cli;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.KeyService;
import dev.apikeys.KeyServiceBuilder;
import dev.apikeys.TokenFormat;
import dev.apikeys.Verification;
import dev.apikeys.jdbi.JdbiApiKeyStore;
import dev.apikeys.password4j.Password4jHashing;
import dev.apikeys.spi.ImportedTokens;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A database of H2 for one test, and a service on it. */
final class TestDatabaseInMemory {
    private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

    String url() {
        return url;
    }

    CommandRun cli() {
        return new CommandRun(url, "sa");
    }

    /** Tells whether a service with the usual settings accepts the token. */
    boolean accepts(String token) {
        return acceptedOf(List.of(token), null, builder -> {}) == 1;
    }

    /** How many of the tokens a service accepts that knows this form. */
    long acceptedOf(Collection<String> tokens, @Nullable ImportedTokens form, Consumer<KeyServiceBuilder> settings) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername("sa");
        config.setPassword("");
        config.setConnectionTimeout(5_000);
        TokenFormat.Builder format = TokenFormat.builder();
        if (form != null) {
            format.alsoAccept(form);
        }
        try (HikariDataSource pool = new HikariDataSource(config)) {
            KeyServiceBuilder builder = KeyService.builder(JdbiApiKeyStore.create(pool))
                    .tokenFormat(format.build())
                    .passwordHashing(new Password4jHashing())
                    .missesPerSecond(1_000_000);
            settings.accept(builder);
            try (KeyService keys = builder.build()) {
                return tokens.stream()
                        .filter(token -> keys.verify(token) instanceof Verification.Accepted)
                        .count();
            }
        }
    }
}
