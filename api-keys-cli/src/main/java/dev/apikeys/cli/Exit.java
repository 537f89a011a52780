package dev.apikeys.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** The codes with which the program ends. */
enum Exit {
    OK(0, "Done."),
    FAILED(1, "Something failed that should not fail; please report it."),
    USAGE(2, "The command was not understood, or a value is not allowed."),
    NOT_FOUND(3, "There is no such key."),
    REFUSED(4, "A rule refused the change: a limit, the key's state, a name that is taken."),
    UNAVAILABLE(5, "The database could not be reached, or did not let the user in."),
    INCOMPLETE(6, "Done in part: some lines or keys were refused. The report names them."),
    UNFIT(7, "The database is not as the library needs it, or doctor found a problem."),
    NOT_CONFIRMED(8, "Nothing was done: the question was answered with no, or nobody could be asked."),
    UNWRITTEN(9, "The output was closed, or could not be written to its end."),
    INTERRUPTED(130, "Interrupted. What was committed stays, and the command can be repeated.");

    private final int code;
    private final String meaning;

    Exit(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    int code() {
        return code;
    }

    /** For the help of every command. */
    static Map<String, String> descriptions() {
        Map<String, String> all = new LinkedHashMap<>();
        for (Exit exit : values()) {
            all.put(" " + exit.code, exit.meaning);
        }
        return all;
    }
}
