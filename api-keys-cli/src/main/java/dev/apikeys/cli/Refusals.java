package dev.apikeys.cli;

import dev.apikeys.ImportReport;
import java.util.ArrayList;
import java.util.List;

/** The lines of a file that were refused. Not thread-safe. */
final class Refusals {
    /** Of a file that is wrong as a whole, nobody reads more. */
    static final int MOST = 100_000;

    private final List<ImportReport.Refused> lines = new ArrayList<>();

    void add(ImportReport.Refused line) {
        if (lines.size() < MOST) {
            lines.add(line);
        }
    }

    /** In the order of the file, at most {@value #MOST}. */
    List<ImportReport.Refused> lines() {
        return List.copyOf(lines);
    }
}
