package dev.apikeys.testservers;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Looks for pieces of secrets in texts. */
public final class Secrets {
    private static final int WINDOW = 8;

    private final Set<String> windows;

    /** @param tokens of which the part behind the dot is secret */
    public Secrets(List<String> tokens) {
        windows = tokens.stream()
                .map(token -> token.substring(token.indexOf('.') + 1))
                .flatMap(secret -> IntStream.rangeClosed(0, secret.length() - WINDOW)
                        .mapToObj(i -> secret.substring(i, i + WINDOW)))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The pieces of {@value #WINDOW} characters that the text holds. */
    public List<String> foundIn(String text) {
        return IntStream.rangeClosed(0, text.length() - WINDOW)
                .mapToObj(i -> text.substring(i, i + WINDOW))
                .filter(windows::contains)
                .toList();
    }
}
