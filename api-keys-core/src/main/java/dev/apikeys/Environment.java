package dev.apikeys;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The word behind the prefix of tokens that says to which environment of the host they belong.
 *
 * @param prefix the prefix that all environments share, with the underscore behind it
 * @param name the word of this environment
 */
record Environment(String prefix, String name) {
    private static final int MAX_LENGTH = 10;
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]{0," + (MAX_LENGTH - 1) + "}");

    /** Where the public id begins in a token of another environment; -1 if the text can't be one. */
    int idStartOfOther(String presented) {
        if (!presented.startsWith(prefix)) {
            return -1;
        }
        int end = presented.indexOf('_', prefix.length());
        int length = end - prefix.length();
        if (end < 0 || length > MAX_LENGTH) {
            return -1;
        }
        String word = presented.substring(prefix.length(), end);
        return NAME.matcher(word).matches() && !word.equals(name) ? end + 1 : -1;
    }

    static String checked(String name) {
        Objects.requireNonNull(name, "name");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("an environment has 1 to " + MAX_LENGTH
                    + " lower-case letters and digits, beginning with a letter; this is none: "
                    + Text.printable(name, 32));
        }
        return name;
    }
}
