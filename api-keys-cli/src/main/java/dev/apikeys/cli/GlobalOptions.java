package dev.apikeys.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command has. They may stand before or after it. */
final class GlobalOptions {
    @Option(
            names = "--url",
            paramLabel = "JDBC-URL",
            scope = ScopeType.INHERIT,
            description = "The database: jdbc:postgresql:…, jdbc:mariadb:…, jdbc:mysql:… or jdbc:h2:…, without a"
                    + " password. Else the variable APIKEYS_DB_URL.")
    @Nullable
    String url;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "The user of the database. Else the variable APIKEYS_DB_USER.")
    @Nullable
    String user;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "A file that holds the password of the database and nothing else.")
    @Nullable
    Path passwordFile;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Give JSON instead of tables.")
    boolean json;
}
