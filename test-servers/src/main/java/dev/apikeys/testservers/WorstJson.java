package dev.apikeys.testservers;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Threat T35: the JSON that costs a parser most, each in one field of an object or close to the length that is given. */
public final class WorstJson {
    private WorstJson() {}

    /**
     * Objects by what is costly about them.
     *
     * @param limit the most bytes that one has
     */
    public static Map<String, String> objects(int limit) {
        Map<String, String> bodies = new LinkedHashMap<>();
        bodies.put("empty arrays", filled(limit, "[],"));
        bodies.put("empty objects", filled(limit, "{},"));
        bodies.put("arrays of one", filled(limit, "[0],"));
        bodies.put("objects of one", filled(limit, "{\"\":0},"));
        bodies.put("small numbers", filled(limit, "1,"));
        bodies.put("long numbers", filled(limit, "1".repeat(999) + ","));
        bodies.put("decimals", filled(limit, "1e9,"));
        bodies.put("short strings", filled(limit, "\"\","));
        bodies.put("escapes", "{\"x\":\"" + "\\u0041".repeat((limit - 8) / 6) + "\"}");
        bodies.put("one string", "{\"x\":\"" + "\u00fc".repeat((limit - 8) / 2) + "\"}");
        bodies.put(
                "distinct names",
                IntStream.range(0, 6_500)
                        .mapToObj(i -> "\"" + Integer.toString(i, 36) + "\":0")
                        .collect(Collectors.joining(",", "{", "}")));
        bodies.put(
                "names with one hash code",
                IntStream.range(0, 2_048)
                        .mapToObj(i -> "\"" + collidingName(i) + "\":0")
                        .collect(Collectors.joining(",", "{", "}")));
        bodies.put("deepest arrays", filled(limit, "[".repeat(30) + "]".repeat(30) + ","));
        bodies.put("deepest objects", filled(limit, "{\"\":".repeat(30) + "0" + "}".repeat(30) + ","));
        return bodies;
    }

    private static String filled(int limit, String element) {
        String elements = element.repeat((limit - 11) / element.length());
        return "{\"name\":[" + elements.substring(0, elements.length() - 1) + "]}";
    }

    /** Another name of 22 letters for each number below 2,048, all with one {@link String#hashCode()}. */
    public static String collidingName(int number) {
        StringBuilder name = new StringBuilder();
        for (int bit = 0; bit < 11; bit++) {
            name.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return name.toString();
    }
}
