package dev.apikeys.management;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One request and the exact answer to it, in a file of blocks with an empty line between them: lines {@code given …},
 * the request line and its headers; the request's body, if there is one; the status and all headers of the answer in
 * alphabetical order; its body.
 */
record GoldenExchange(
        String name,
        List<String> givens,
        String method,
        String path,
        List<String> headers,
        String body,
        String answer) {
    private static final Pattern UUID = hex("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern PUBLIC_ID = hex("[0-9a-f]{24}");
    private static final Pattern MASKED = Pattern.compile("myk_[0-9a-f]{6}\\.{8}");
    private static final Pattern NAME = Pattern.compile("[a-z]+-[a-z]+-[0-9]{8}(?=\")");
    private static final Pattern SECRET = hex("[0-9a-f]{48}");

    /** Headers that containers set by themselves. */
    private static final List<String> OF_THE_CONTAINER =
            List.of("connection", "content-length", "date", "keep-alive", "server", "transfer-encoding");

    static List<GoldenExchange> in(String directory) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/golden", directory))) {
            List<GoldenExchange> all = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                all.add(parse(file.getFileName().toString(), Files.readString(file)));
            }
            return all;
        }
    }

    private static GoldenExchange parse(String name, String text) {
        List<String> blocks = List.of(text.strip().split("\n\n", -1));
        List<String> head = new ArrayList<>(List.of(blocks.get(0).split("\n", -1)));
        List<String> givens = new ArrayList<>();
        while (head.get(0).startsWith("given ")) {
            givens.add(head.remove(0).substring("given ".length()));
        }
        String[] request = head.remove(0).split(" ", 2);
        List<String> headers = new ArrayList<>();
        for (String line : head) {
            headers.addAll(List.of(line.split(": ", 2)));
        }
        boolean withBody = !blocks.get(1).matches("[0-9]{3}(?s:\n.*)?");
        return new GoldenExchange(
                name,
                givens,
                request[0],
                request[1],
                headers,
                withBody ? blocks.get(1) : "",
                String.join("\n\n", blocks.subList(withBody ? 2 : 1, blocks.size())));
    }

    /** The answer as a file has it: ids and secrets, new in each run, replaced by the ones of the examples. */
    static String written(HttpResponse<String> response) {
        Map<String, String> headers = new TreeMap<>();
        response.headers().map().forEach((name, values) -> {
            if (!OF_THE_CONTAINER.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name.toLowerCase(Locale.ROOT), String.join(" | ", values));
            }
        });
        String head = headers.entrySet().stream()
                .map(header -> "\n" + header.getKey() + ": " + header.getValue())
                .collect(Collectors.joining());
        String body = response.body().isEmpty() ? "" : "\n\n" + response.body();
        return normalized(response.statusCode() + head + body);
    }

    private static String normalized(String text) {
        String ids = numbered(
                text,
                UUID,
                n -> n == 0
                        ? "f47ac10b-58cc-4372-a567-0e02b2c3d479"
                        : String.format(Locale.ROOT, "00000000-0000-4000-8000-%012d", n));
        String publicIds = numbered(
                ids, PUBLIC_ID, n -> n == 0 ? "a1b2c3d4e5f60718293a4b5c" : String.format(Locale.ROOT, "%024d", n));
        String masked = MASKED.matcher(publicIds).replaceAll("myk_a1b2c3........");
        String names = NAME.matcher(masked).replaceAll("amber-falcon-73910482");
        return numbered(names, SECRET, n -> "0011223344556677889900aabbccddeeff00112233445566");
    }

    private interface Numbered {
        String text(int occurrence);
    }

    private static String numbered(String text, Pattern pattern, Numbered replacement) {
        Map<String, String> known = new HashMap<>();
        return pattern.matcher(text)
                .replaceAll((MatchResult found) ->
                        known.computeIfAbsent(found.group(), id -> replacement.text(known.size())));
    }

    private static Pattern hex(String form) {
        return Pattern.compile("(?<![0-9a-f-])" + form + "(?![0-9a-f-])");
    }
}
