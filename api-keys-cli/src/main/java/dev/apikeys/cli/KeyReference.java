package dev.apikeys.cli;

import dev.apikeys.ApiKey;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How one key is named: by its key id, by its public id, or by what a list shows of its token. Never by a token. */
final class KeyReference {
    private static final Pattern KEY_ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern PUBLIC_ID = Pattern.compile("(?:[A-Za-z][A-Za-z0-9_-]*_)?([0-9a-f]{16,32})");

    private KeyReference() {}

    /**
     * Finds the key.
     *
     * @throws CommandException when there is none, or the text names none; the message doesn't show what was typed
     */
    static ApiKey find(OpenDatabase database, String text) {
        return look(database, text).orElseThrow(() -> new CommandException(Exit.NOT_FOUND, "there is no such key"));
    }

    private static Optional<ApiKey> look(OpenDatabase database, String text) {
        if (KEY_ID.matcher(text).matches()) {
            return database.keys().find(UUID.fromString(text));
        }
        Matcher publicId = PUBLIC_ID.matcher(text);
        if (!publicId.matches()) {
            throw CommandException.usage("KEY is a key id such as 0192f0c1-…, or a public id such as myk_5f0c…."
                    + " If it was a whole token, others may have seen it: revoke it");
        }
        // Also by the token that a rotation is ending.
        return database.store()
                .findCredential(publicId.group(1))
                .flatMap(found -> database.keys().find(found.key().id()));
    }
}
