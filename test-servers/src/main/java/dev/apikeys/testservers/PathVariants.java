package dev.apikeys.testservers;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Spellings of a path, generated: what was used against filters of well-known frameworks, combined. */
public final class PathVariants {
    private static final List<String> SEPARATORS = List.of(
            "//",
            "///",
            "/./",
            "/.//",
            "\\",
            "/\\",
            "%2f",
            "%2F",
            "%252f",
            "%5c",
            "%5C",
            "/%2e/",
            "/%2E/",
            "/.;/",
            "/;/",
            "/;x=y/",
            "%2f%2f",
            "/x/../",
            "/x/..;/",
            "/x/%2e%2e/",
            "/x/%2e%2e;/",
            "/x/.%2e/",
            "%c0%af",
            "%e0%80%af",
            "/%00/",
            "%ef%bc%8f",
            "/%20/",
            "/%09/",
            "/%0a/",
            "%u2215");

    private static final List<String> ENDINGS = List.of(
            "/",
            "//",
            "/.",
            "/./",
            "/..;/x",
            ";",
            ";/",
            ";a=b",
            ";jsessionid=1",
            "/;a=b",
            "%00",
            "%00.js",
            "%0a",
            "%0d%0a",
            "%20",
            "%09",
            "%3b",
            "%3Ba=b",
            "%2f",
            "%2F",
            "%5c",
            "\\",
            ".json",
            ".js",
            "/x.css",
            "~",
            "%",
            "%2",
            "%zz",
            "?",
            "?/",
            "??",
            "?a=b",
            "#",
            "#/",
            "/%2e",
            "/%2e%2e/x",
            "/..",
            "..",
            "...",
            "..;",
            ";..",
            "%252e",
            "%c2%85",
            "%ff",
            "\u00a0",
            "\u00ff",
            "\u0001",
            "\t");

    private static final List<String> BEGINNINGS = List.of(
            "",
            "/",
            "//",
            "/.",
            "/./",
            "/../..",
            "/public/..",
            "/public/%2e%2e",
            "/public/.%2e",
            "/public/%2E.",
            "/public/..;",
            "/public;/..",
            "/public/..;x=y",
            "/public/x/../..",
            "/public%2f..",
            "/public/..%2f",
            "/public/..%5c",
            "/public/..\\",
            "/public\\..",
            "/public/%252e%252e",
            "/public/%c0%ae%c0%ae",
            "/public//..",
            "/public/%2e%2e;",
            "/public/;/..",
            "/;",
            "/;x=y",
            "/%2e",
            "/%2f",
            "/%5c",
            "\\",
            "/\\",
            "http://127.0.0.1",
            "http://127.0.0.1/public/..",
            "http://127.0.0.1//",
            "http://x@127.0.0.1");

    private PathVariants() {}

    /** Different spellings that some reader might take for the path. */
    public static Set<String> of(String path) {
        Set<String> variants = new LinkedHashSet<>();
        for (String beginning : BEGINNINGS) {
            for (String ending : ENDINGS.subList(0, 12)) {
                variants.add(beginning + path + ending);
            }
            variants.add(beginning + path);
            variants.add(beginning + path.substring(1));
        }
        ENDINGS.forEach(ending -> variants.add(path + ending));
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            for (String separator : SEPARATORS) {
                variants.add(path.substring(0, slash) + separator + path.substring(slash + 1));
            }
        }
        for (int i = 1; i < path.length(); i++) {
            addSpellingsOfOneCharacter(path, i, variants);
        }
        variants.add(path.toUpperCase(Locale.ROOT));
        variants.add(path.replace("i", "\u0131"));
        variants.add(path.replace("i", "%c4%b1"));
        variants.removeIf(variant -> variant.indexOf(' ') >= 0);
        return variants;
    }

    private static void addSpellingsOfOneCharacter(String path, int i, Set<String> variants) {
        char c = path.charAt(i);
        String before = path.substring(0, i);
        String after = path.substring(i + 1);
        for (String spelling : List.of(
                String.format(Locale.ROOT, "%%%02x", (int) c),
                String.format(Locale.ROOT, "%%%02X", (int) c),
                String.format(Locale.ROOT, "%%25%02x", (int) c),
                String.format(Locale.ROOT, "%%u%04x", (int) c),
                c + ";",
                c + ";a=b",
                c + "%00",
                "%00" + c,
                "%0a" + c,
                c + "\u0001",
                ";" + c)) {
            variants.add(before + spelling + after);
        }
    }

    /** How applications and frameworks are known to read a raw path: with and without parameters, decoded or not. */
    public static Set<String> readings(String raw) {
        Set<String> readings = new LinkedHashSet<>();
        readings.add(raw);
        readings.add(raw.replaceAll(";[^/]*", ""));
        readings.add(decoded(raw));
        readings.add(decoded(raw.replaceAll(";[^/]*", "")));
        readings.add(decoded(raw).replaceAll(";[^/]*", ""));
        readings.add(decoded(decoded(raw)));
        for (String reading : List.copyOf(readings)) {
            readings.add(reading.replace('\\', '/').replaceAll("/+", "/"));
        }
        for (String reading : List.copyOf(readings)) {
            readings.add(withoutDotSegments(reading));
            readings.add(reading.startsWith("/app/") ? reading.substring(4) : reading);
            readings.add(withoutDotSegments(reading.startsWith("/app/") ? reading.substring(4) : reading));
        }
        return readings;
    }

    private static String decoded(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%' && text.substring(i).matches("(?s)%[0-9a-fA-F]{2}.*")) {
                out.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }

    private static String withoutDotSegments(String path) {
        String reduced = path.replaceAll("/\\.(?=/|$)", "");
        String before;
        do {
            before = reduced;
            reduced = reduced.replaceFirst("/(?!\\.\\.(?:/|$))[^/]+/\\.\\.(?=/|$)", "");
        } while (!reduced.equals(before));
        return reduced.replaceFirst("^(?:/\\.\\.)+(?=/|$)", "");
    }
}
