package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * That nothing stands in the OpenAPI document that no test has met. It comes last ({@code junit-platform.properties}),
 * looks at what the other classes got, and has no opinion when only some of them ran.
 */
@Order(Integer.MAX_VALUE)
@Tag("tr-skip") // Only the first run is whole: faults, for example, are not met in Turkish.
class OpenApiCoverageTest {
    @Test
    void everyOperationAndStatus_ofAServedFamily_isMetByTheWholeRun() {
        System.out.println(OpenApiCoverage.lines().stream()
                .map(OpenApiCoverage.Line::toString)
                .collect(Collectors.joining("\n  ", "OpenAPI document, by what the tests of this run got:\n  ", "")));

        assumeTrue(isWholeRun(), "only some of the tests ran");
        assertThat(OpenApiCoverage.gaps()).isEmpty();
    }

    /** By Surefire, and not by a selection of tests: that is what {@code -Dtest} reaches this process as. */
    private static boolean isWholeRun() {
        return System.getProperty("surefire.test.class.path") != null && System.getProperty("test") == null;
    }
}
