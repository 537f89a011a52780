package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the table calls BROKEN fails the test that measured it. */
class FiguresTest {
    private static final long[] MILLIS = {3_000_000, 1_000_000, 2_000_000};

    private static void measure(String kind, boolean kept, Figures figures) {
        Consumer<Boolean> figure = switch (kind) {
            case "within" -> in -> figures.within("a claim", "H2", MILLIS, in ? 3 : 2.9);
            case "ratio" -> in -> figures.ratio("a claim", "H2", 1, in ? 1.5 : 1.51, 1.5);
            default -> in -> figures.count("a claim", "H2", 10, in ? 0 : 1);
        };
        figure.accept(kept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"within", "ratio", "count"})
    void figure_overItsBound_failsItsTestAndNotTheNextOne(String kind) {
        Figures figures = new Figures();
        measure(kind, false, figures);
        measure(kind, true, figures);

        assertThatThrownBy(figures::requireKept)
                .isInstanceOf(AssertionError.class)
                .hasMessage("over the bound: [a claim]");
        assertThatCode(figures::requireKept).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"within", "ratio", "count"})
    void figure_atItsBound_passes(String kind) {
        Figures figures = new Figures();
        measure(kind, true, figures);

        assertThatCode(figures::requireKept).doesNotThrowAnyException();
    }

    @Test
    void figure_thatNothingWasPromisedAbout_passes() {
        Figures figures = new Figures();
        figures.measured("no claim", "H2", MILLIS);

        assertThatCode(figures::requireKept).doesNotThrowAnyException();
    }
}
