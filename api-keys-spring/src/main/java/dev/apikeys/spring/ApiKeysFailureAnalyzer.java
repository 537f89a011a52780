package dev.apikeys.spring;

import dev.apikeys.StoreUnavailableException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says what to do when an application can't start because of its API keys. Before the analysers of Spring Boot, of which one
 * shows the values of properties, peppers included.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ApiKeysFailureAnalyzer implements FailureAnalyzer {
    /** Causes may go round in a circle. */
    private static final int MAX_CAUSES = 50;

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++, cause = cause.getCause()) {
            if (cause instanceof InvalidSettingException invalid) {
                return new FailureAnalysis(
                        "API keys can't start with this setting. " + invalid.getMessage(),
                        "Correct the property " + invalid.property() + ".",
                        invalid);
            }
            if (cause instanceof BindException unreadable && isAboutPeppers(unreadable)) {
                return pepper(unreadable);
            }
            if (cause instanceof StoreSetupException setup) {
                return new FailureAnalysis(
                        "API keys can't start with this database: " + setup.getMessage(),
                        "Do what the description says. To let Flyway run the script, copy it into your migrations under your"
                                + " own next version. With the property apikeys.store.schema=expect the tables are only"
                                + " checked.",
                        setup);
            }
            if (cause instanceof NoUniqueBeanDefinitionException several && isOfThisLibrary(several)) {
                return new FailureAnalysis(
                        "API keys need one bean of the type " + several.getBeanType() + ", and there are several: "
                                + several.getBeanNamesFound(),
                        "Remove all of them but one, or mark one with @Primary.",
                        several);
            }
            if (cause instanceof StoreUnavailableException unavailable) {
                return new FailureAnalysis(
                        "API keys can't reach their database at the start: " + unavailable.getMessage(),
                        "Check spring.datasource.url, user and password, and that the database is running.",
                        unavailable);
            }
        }
        return null;
    }

    private static boolean isAboutPeppers(BindException unreadable) {
        return Stream.of("apikeys.pepper", "apikeys.old-peppers")
                .map(ConfigurationPropertyName::of)
                .anyMatch(
                        peppers -> peppers.equals(unreadable.getName()) || peppers.isAncestorOf(unreadable.getName()));
    }

    private static FailureAnalysis pepper(BindException unreadable) {
        return new FailureAnalysis(
                "API keys can't start with this setting. " + unreadable.getName()
                        + ": a pepper has an id and a value, and the numbers of old peppers begin with 0 and leave"
                        + " none out",
                "Write apikeys.pepper.id and apikeys.pepper.value, and for each old pepper apikeys.old-peppers[0].id"
                        + " and apikeys.old-peppers[0].value, then [1], and so on.",
                unreadable);
    }

    private static boolean isOfThisLibrary(NoUniqueBeanDefinitionException several) {
        Class<?> type = several.getBeanType();
        return type != null && type.getName().startsWith("dev.apikeys.");
    }
}
