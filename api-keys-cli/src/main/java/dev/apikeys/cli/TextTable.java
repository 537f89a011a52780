package dev.apikeys.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi;

/** A table of plain text, with columns as wide as their widest cell. Only cells of the last column may be long. */
final class TextTable {
    private static final int WIDEST_CELL = 48;
    private static final String GAP = "  ";

    /** Words that are shown in a colour of their own. */
    private static final Map<String, String> COLOURS = Map.of(
            "ACTIVE", "green",
            "PAUSED", "yellow",
            "EXPIRED", "red",
            "REVOKED", "red",
            "OK", "green",
            "WARNING", "yellow",
            "PROBLEM", "red");

    private final List<Map<String, String>> rows;
    private final Ansi ansi;

    TextTable(List<Map<String, String>> rows, Ansi ansi) {
        this.rows = rows;
        this.ansi = ansi;
    }

    /** The lines, the headings first; none without rows. */
    Stream<String> lines() {
        if (rows.isEmpty()) {
            return Stream.empty();
        }
        Set<String> all = new LinkedHashSet<>();
        rows.forEach(row -> all.addAll(row.keySet()));
        List<String> headings = List.copyOf(all);
        String last = headings.get(headings.size() - 1);
        List<List<String>> cells = new ArrayList<>();
        rows.forEach(row -> cells.add(headings.stream()
                .map(heading -> {
                    String cell = row.getOrDefault(heading, "");
                    return heading.equals(last) ? harmless(cell) : cut(cell);
                })
                .toList()));
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < headings.size(); i++) {
            int column = i;
            int widest = cells.stream()
                    .mapToInt(row -> length(row.get(column)))
                    .max()
                    .orElse(0);
            widths.add(Math.max(widest, headings.get(i).length()));
        }
        return Stream.concat(
                Stream.of(line(headings, widths, "bold")), cells.stream().map(row -> line(row, widths, "")));
    }

    private String line(List<String> row, List<Integer> widths, String style) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String cell = row.get(i);
            line.append(painted(cell, style));
            if (i < row.size() - 1) {
                line.append(" ".repeat(widths.get(i) - length(cell))).append(GAP);
            }
        }
        return line.toString().stripTrailing();
    }

    private String painted(String cell, String style) {
        String wanted = style.isEmpty() ? COLOURS.getOrDefault(cell, "") : style;
        if (wanted.isEmpty() || !ansi.enabled()) {
            return cell;
        }
        Ansi.Style colour = Ansi.Style.valueOf(styleName(wanted));
        return colour.on() + cell + colour.off();
    }

    private static String styleName(String word) {
        return word.equals("bold") ? word : "fg_" + word;
    }

    /** The text without what could harm a terminal, and not longer than a cell may be. */
    static String cut(String text) {
        String shown = harmless(text);
        return length(shown) <= WIDEST_CELL
                ? shown
                : shown.substring(0, shown.offsetByCodePoints(0, WIDEST_CELL - 1)) + "…";
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The text without what could move a cursor, colour a terminal or turn the reading direction. */
    static String harmless(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().map(TextTable::visible).forEach(shown::appendCodePoint);
        return shown.toString();
    }

    private static int visible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> 0xFFFD;
            default -> character;
        };
    }
}
