package dev.apikeys.cli;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.DriverDataSource;
import dev.apikeys.KeyServiceBuilder;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** What the commands share: how they reach the database, and where they write. */
final class Session {
    private static final int POOL_SIZE = 3;
    private static final int PATIENCE_MILLIS = 5_000;

    private final Surroundings surroundings;
    private final GlobalOptions options;

    Session(Surroundings surroundings, GlobalOptions options) {
        this.surroundings = surroundings;
        this.options = options;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    Output output() {
        return new Output(surroundings, options.json ? Output.Form.JSON : Output.Form.TABLE);
    }

    /** Opens the database with a service whose settings matter only to commands that make tokens. */
    OpenDatabase open() {
        return open(new ServiceOptions());
    }

    /** Opens the database with a service that has the settings of the others. */
    OpenDatabase open(ServiceOptions service) {
        return open(service, builder -> {});
    }

    /**
     * Opens the database.
     *
     * @param more what the command alone sets
     * @throws IllegalStateException when the tables are missing or of another version
     * @throws CommandException when the database can't be reached, or doesn't let the user in
     */
    OpenDatabase open(ServiceOptions service, Consumer<KeyServiceBuilder> more) {
        HikariDataSource pool = pool(plain());
        boolean opened = false;
        try {
            OpenDatabase database = OpenDatabase.of(pool, store -> {
                KeyServiceBuilder builder = service.builder(store, surroundings);
                more.accept(builder);
                return builder.build();
            });
            opened = true;
            return database;
        } finally {
            if (!opened) {
                pool.close();
            }
        }
    }

    /**
     * Connections without a pool, to a database that exists: so that nothing of this program is examined.
     *
     * @throws CommandException when it can't be reached, or doesn't let the user in
     */
    DataSource plain() {
        return plain(address().existing());
    }

    /** As {@link #plain()}, but H2 makes a file that is missing. */
    DataSource plainToFill() {
        return plain(address());
    }

    private DataSource plain(DatabaseAddress address) {
        DataSource dataSource = new DriverDataSource(
                address.url(), address.driver(), new Properties(), user().orElse(null), password());
        // Said at once, while a pool goes on trying.
        try (Connection reached = dataSource.getConnection()) {
            if (reached.isClosed()) {
                throw new CommandException(Exit.UNAVAILABLE, "the database closed the connection");
            }
            return dataSource;
        } catch (SQLException away) {
            throw new CommandException(Exit.UNAVAILABLE, "the database can't be used" + SqlReason.of(away));
        }
    }

    private static HikariDataSource pool(DataSource dataSource) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(dataSource);
        config.setMaximumPoolSize(POOL_SIZE);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(PATIENCE_MILLIS);
        config.setValidationTimeout(PATIENCE_MILLIS / 2);
        // The store says better than the pool what is wrong.
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    private DatabaseAddress address() {
        return DatabaseAddress.of(Optional.ofNullable(options.url)
                .or(() -> surroundings.variable("APIKEYS_DB_URL"))
                .orElseThrow(() -> CommandException.usage("where is the database? Give --url or set APIKEYS_DB_URL")));
    }

    private Optional<String> user() {
        return Optional.ofNullable(options.user).or(() -> surroundings.variable("APIKEYS_DB_USER"));
    }

    /** From the file, the environment or a prompt; empty for a database that wants none. */
    private String password() {
        if (options.passwordFile != null) {
            return SecretFile.read(options.passwordFile, "the database's password");
        }
        Optional<String> variable =
                Optional.ofNullable(surroundings.environment().get("APIKEYS_DB_PASSWORD"));
        if (variable.isPresent() || user().isEmpty()) {
            return variable.orElse("");
        }
        return surroundings
                .secrets()
                .apply("Password of " + user().orElse("") + " (empty for none): ")
                .orElse("");
    }
}
