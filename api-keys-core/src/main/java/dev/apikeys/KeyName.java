package dev.apikeys;

import java.util.Objects;

/** The rule for names of keys, for issue, import and update. */
public final class KeyName {
    private KeyName() {}

    /**
     * The name as it is stored: without invisible characters at its ends, such as blanks, no-break spaces and zero-width
     * spaces. Empty if there is nothing to see in it; then it is no name.
     */
    public static String trimmed(String name) {
        return Text.trim(Objects.requireNonNull(name, "name"));
    }

    static String checked(String name) {
        String trimmed = trimmed(name);
        int length = trimmed.codePointCount(0, trimmed.length());
        if (length < 1 || length > ApiKey.MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("a key's name has 1 to " + ApiKey.MAX_NAME_LENGTH
                    + " characters that can be seen, this one " + length);
        }
        if (!Text.isSingleLine(trimmed)) {
            throw new IllegalArgumentException("a key's name holds a control character or an unpaired surrogate");
        }
        return trimmed;
    }
}
