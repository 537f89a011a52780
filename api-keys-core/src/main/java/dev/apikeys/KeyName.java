package dev.apikeys;

import java.util.Objects;

/** The rule for names of keys, shared by issue and update. */
final class KeyName {
    private KeyName() {}

    static String checked(String name) {
        Objects.requireNonNull(name, "name");
        String trimmed = name.strip();
        int length = trimmed.codePointCount(0, trimmed.length());
        if (length < 1 || length > ApiKey.MAX_NAME_LENGTH) {
            throw new IllegalArgumentException(
                    "a key's name has 1 to " + ApiKey.MAX_NAME_LENGTH + " characters, this one " + length);
        }
        if (!Text.isSingleLine(trimmed)) {
            throw new IllegalArgumentException("a key's name holds a control character or an unpaired surrogate");
        }
        return trimmed;
    }
}
