package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeTest {
    private static final String LONGEST = "a".repeat(Scope.MAX_SEGMENT_LENGTH);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "read:systems",
                "*:*",
                "read:*",
                "*:systems",
                "A.b_c-9:0",
                "-:-",
                "IDENTITY:info",
                "az:AZ",
                "z:Z0",
                "a:9"
            })
    void scope_wellFormed_readsBackAsWritten(String text) {
        assertThat(Scope.parse(text)).hasToString(text);
        assertThat(Scopes.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ":",
                "read",
                "read:",
                ":systems",
                "read:systems:x",
                "read :systems",
                "read:sys tems",
                "re*:x",
                "read:sys*",
                "**:x",
                "read:ä",
                "read:\u0130",
                "read:\u212a",
                "read:x\n",
                "read/x:y",
                "read:x/",
                "read:x@",
                "read:x[",
                "read:x`",
                "read:x{",
                "read:x,y"
            })
    void scope_malformed_isRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Scope.parse(text));
        assertThat(EffectiveScopes.of(Scopes.ALL, Scopes.ALL, Scopes.NONE).allows(text))
                .isFalse();
    }

    @Test
    void segment_ofSixtyFourCharacters_isTheLongest() {
        assertThat(Scope.parse(LONGEST + ":" + LONGEST).verb()).isEqualTo(LONGEST);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scope.parse(LONGEST + "a:b"))
                .withMessageContaining("verb")
                .withMessageContaining("64");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scope.parse("a:b" + LONGEST))
                .withMessageContaining("resource");
    }

    @ParameterizedTest
    @CsvSource({
        "read:systems, read:systems, true",
        "read:systems, read:system, false",
        "read:systems, read:systemsx, false",
        "read:systems, Read:systems, false",
        "read:systems, READ:SYSTEMS, false",
        "identity:info, IDENTITY:INFO, false",
        "read:*, read:systems, true",
        "read:*, manage:systems, false",
        "*:systems, manage:systems, true",
        "*:*, read:systems, true",
        "*:*, *:*, true",
        "read:*, *:*, false",
        "read:systems, read:*, false",
        "*:systems, read:*, false",
    })
    void scope_coversAnother_segmentBySegment(String scope, String other, boolean covers) {
        assertThat(Scope.parse(scope).covers(Scope.parse(other))).isEqualTo(covers);
    }

    @ParameterizedTest
    @CsvSource({
        "read:*, *:systems, read:systems",
        "*:*, read:x, read:x",
        "read:x, read:x, read:x",
        "read:*, *:*, read:*",
        "read:x, read:y, ",
        "read:*, manage:*, ",
    })
    void scopes_intersect_inWhatBothCover(String one, String other, String common) {
        assertThat(Scope.parse(one).intersect(Scope.parse(other)).map(Scope::toString))
                .isEqualTo(Optional.ofNullable(common));
    }

    /** A pair at a time, two and a half billion of them would take a minute and more. */
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void scopes_byTheThousands_areLimitedToTheOwnersOneByOne() {
        List<Scope> many = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            many.add(new Scope("read", "r" + i));
        }
        many.add(Scope.parse("manage:*"));
        Scopes granted = Scopes.of(many);
        many.add(Scope.parse("*:alerts"));

        EffectiveScopes effective = ScopePolicy.DEFAULT.effective(Grant.of(granted), Scopes.of(many));

        assertThat(effective.asScopes()).hasSize(50_002);
        assertThat(effective.allows("read:r49999")).isTrue();
        assertThat(effective.allows("manage:alerts")).isTrue();
        assertThat(effective.allows("read:alerts")).isFalse();
    }

    @Test
    void scopes_asText_areSortedAndReadBack() {
        Scopes scopes = Scopes.of("read:b", "manage:*", "read:a", "read:b");

        assertThat(scopes).hasToString("manage:* read:a read:b").hasSize(3);
        assertThat(Scopes.parse(scopes.toString())).isEqualTo(scopes).hasSameHashCodeAs(scopes);
        assertThat(Scopes.parse("")).isEqualTo(Scopes.NONE).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> Scopes.parse("read:a  read:b"));
    }

    @Test
    void scopes_givenAway_cannotBeChanged() {
        Iterator<Scope> members = Scopes.of("read:a").iterator();
        members.next();

        assertThatThrownBy(members::remove).isInstanceOf(UnsupportedOperationException.class);
    }
}
