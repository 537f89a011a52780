package dev.apikeys.cli;

import dev.apikeys.ApiKey;
import picocli.CommandLine.Parameters;

/** The one key that a command is about. */
final class KeyTarget {
    @Parameters(
            paramLabel = "KEY",
            description = "The key id, or the public id with or without the prefix. Never a whole token.")
    private String key = "";

    /** As {@link KeyReference#find}. */
    ApiKey find(OpenDatabase database) {
        return KeyReference.find(database, key);
    }
}
