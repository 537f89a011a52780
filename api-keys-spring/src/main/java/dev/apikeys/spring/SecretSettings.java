package dev.apikeys.spring;

import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/**
 * Keeps peppers out of {@code /actuator/env} and {@code /actuator/configprops}, also where an application shows all values:
 * by the name of the property in every spelling, and by the value, which may come from a variable of another name.
 *
 * <p>Immutable and thread-safe.
 */
final class SecretSettings implements SanitizingFunction {
    private static final Pattern NEITHER_LETTER_NOR_DIGIT = Pattern.compile("[^a-z0-9]");
    private static final Pattern PEPPER = Pattern.compile(".*apikeys(pepper|oldpeppers[0-9]*)value");

    private final ApiKeysProperties properties;

    SecretSettings(ApiKeysProperties properties) {
        this.properties = properties;
    }

    @Override
    public SanitizableData apply(SanitizableData data) {
        String name = NEITHER_LETTER_NOR_DIGIT
                .matcher(data.getKey().toLowerCase(Locale.ROOT))
                .replaceAll("");
        boolean secret = PEPPER.matcher(name).matches() || holdsPepper(String.valueOf(data.getValue()));
        return secret ? data.withSanitizedValue() : data;
    }

    private boolean holdsPepper(String text) {
        return Stream.concat(Stream.ofNullable(properties.pepper()), properties.oldPeppers().stream())
                .map(ApiKeysProperties.PepperProperties::value)
                .anyMatch(value -> value != null && !value.isBlank() && text.contains(value));
    }
}
