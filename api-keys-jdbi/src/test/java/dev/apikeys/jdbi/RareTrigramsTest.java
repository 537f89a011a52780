package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("tr-skip") // Texts are folded before.
class RareTrigramsTest {
    private static final List<String> WORDS = List.of(
            "billing service 12\nuser_1",
            "billing job 13\nuser_2",
            "nightly robot 14\nuser_3",
            "export pipeline\nuser_4");

    @Test
    void trigramsThatNoKeyOfTheSampleHas_areTaken() {
        assertThat(RareTrigrams.of("billing service 98765", WORDS)).containsExactly("987", "876", "765", "erv");
        assertThat(RareTrigrams.of("billing servyze", WORDS)).startsWith("rvy", "vyz", "yze");
    }

    @Test
    void wordsThatAreFrequent_butNotTogether_areEachAskedFor() {
        List<String> chosen = RareTrigrams.of("billing pipeline robot", WORDS);

        assertThat(chosen).hasSize(RareTrigrams.MOST).doesNotHaveDuplicates();
        assertThat(WORDS).noneMatch(text -> text.contains(chosen.get(0)) && text.contains(chosen.get(1)));
    }

    @Test
    void textThatIsShortOrInTheSample_orWithoutASample_isLookedForAsAWhole() {
        assertThat(RareTrigrams.of("987654", WORDS)).isEmpty();
        assertThat(RareTrigrams.of("aaaaaaaaaaaa", WORDS)).isEmpty();
        assertThat(RareTrigrams.of("ng service", WORDS)).isEmpty();
        assertThat(RareTrigrams.of("billing service 98765", List.of())).isEmpty();
    }

    /** What is a letter elsewhere depends on the locale of the database. */
    @Test
    void trigrams_areOfPlainLettersAndDigits_withinAWord() {
        assertThat(RareTrigrams.of("übersee-größe_%xyz!1234 ab", List.of("text")))
                .containsExactly("ber", "ers", "rse", "see");
        assertThat(RareTrigrams.of("größengrößengrößen", List.of("text"))).isEmpty();
    }

    @Test
    void longText_isLookedAtInItsBeginning() {
        String text = "abcdefghijklmnopqrstuvwxyz0123456789".repeat(30);
        assertThat(RareTrigrams.of(text, List.of("abc"))).hasSize(RareTrigrams.MOST);
    }
}
