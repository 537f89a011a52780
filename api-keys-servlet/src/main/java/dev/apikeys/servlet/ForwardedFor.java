package dev.apikeys.servlet;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The hops that proxies noted in a header, the nearest first. Text is read from its end, because the nearest proxy wrote
 * that: what a client wrote before it, an open quote included, changes nothing of it.
 */
final class ForwardedFor {
    private ForwardedFor() {}

    /** The elements of {@code X-Forwarded-For}, without empty ones. */
    static List<String> ofXForwardedFor(List<String> lines) {
        return elements(lines, false);
    }

    /**
     * The values of {@code for} in the elements of {@code Forwarded} (RFC 7239 section 4), unquoted. An element without
     * one, or with several, gives the empty text: no address.
     */
    static List<String> ofForwarded(List<String> lines) {
        return elements(lines, true).stream().map(ForwardedFor::node).toList();
    }

    private static List<String> elements(List<String> lines, boolean quotes) {
        List<String> elements = new ArrayList<>();
        for (int i = lines.size() - 1; i >= 0; i--) {
            for (String element : split(lines.get(i), ',', quotes)) {
                if (!element.isEmpty()) {
                    elements.add(element);
                }
            }
        }
        return elements;
    }

    /** The parts between separators, the last first; where quotes count, separators inside them don't. */
    private static List<String> split(String text, char separator, boolean quotes) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int end = text.length();
        for (int i = text.length() - 1; i >= 0; i--) {
            char c = text.charAt(i);
            if (quotes && c == '"' && !(quoted && isEscaped(text, i))) {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(i + 1, end).strip());
                end = i;
            }
        }
        parts.add(text.substring(0, end).strip());
        return parts;
    }

    /** Tells whether this quote inside a quoted string is a part of its text (RFC 9110 section 5.6.4). */
    private static boolean isEscaped(String text, int quote) {
        int start = quote;
        while (start > 0 && text.charAt(start - 1) == '\\') {
            start--;
        }
        return (quote - start) % 2 == 1;
    }

    private static String node(String element) {
        String node = "";
        for (String pair : split(element, ';', true)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).toLowerCase(Locale.ROOT).equals("for")) {
                if (!node.isEmpty()) {
                    return "";
                }
                node = unquoted(pair.substring(equals + 1));
            }
        }
        return node;
    }

    /** A name never needs an escape, so text with one is no name. */
    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        String text = quoted ? value.substring(1, value.length() - 1) : value;
        return text.indexOf('"') >= 0 || text.indexOf('\\') >= 0 ? "" : text;
    }
}
