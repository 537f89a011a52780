package dev.apikeys.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyUpdate;
import dev.apikeys.Owner;
import dev.apikeys.PageRequest;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The search takes its text literally, ignores case, and looks at name, owner and the beginning of the public id. */
public interface SearchContract extends StoreUnderTest {
    /** The names of the keys that are found. */
    default List<String> namesFound(String text) {
        return listed(KeyFilter.everything().search(text)).stream()
                .map(ApiKey::name)
                .toList();
    }

    /** Stores a key of an owner that no search here finds. */
    default ApiKey named(String name) {
        return stored(new SampleKey()
                .of(Owner.user("u", "o"))
                .publicId("ffff" + SampleKey.randomPublicId())
                .named(name)
                .build());
    }

    @Test
    default void search_signsThatAreWildcardsElsewhere_areTakenLiterally() {
        List<String> names = List.of(
                "100%",
                "100x",
                "a_b",
                "axb",
                "c\\d",
                "c\\\\d",
                "it's",
                "\"quoted\"",
                "wow!",
                "wow!%",
                "[x]",
                "x*",
                "q?",
                "r.s",
                "rts",
                "a -- b",
                "t;t",
                "🔑 key",
                "🔒 key",
                "ab\\%",
                "!_");
        names.forEach(this::named);

        for (String text : List.of(
                "100%",
                "%", "_", "a_b", "\\", "\\\\", "'", "\"", "!", "!%", "!_", "[x]", "*", "?", "r.s", "--", ";", "🔑",
                "\\%", "%%", "__", "$", ":x", "<b>")) {
            assertThat(namesFound(text))
                    .as(text)
                    .containsExactlyInAnyOrderElementsOf(
                            names.stream().filter(name -> isFound(name, text)).toList());
        }
    }

    private boolean isFound(String name, String text) {
        String one = name.toLowerCase(Locale.ROOT);
        String other = text.toLowerCase(Locale.ROOT);
        return store().keySearch().isAboutBeginnings(text) ? one.startsWith(other) : one.contains(other);
    }

    @Test
    default void search_case_isIgnored() {
        named("Invoice API");
        named("ÜBERSEE");
        for (String text :
                List.of("invoice api", "INVOICE API", "iNvOiCe", "api", "API", "I", "i", "übersee", "Über")) {
            assertThat(namesFound(text)).as(text).hasSize(1);
        }
    }

    /** Letters whose other case is another one at the end of a word, is two letters, or differs by language. */
    @Test
    default void search_lettersWithSeveralCases_findsWhatTheFilterMatches() {
        List<ApiKey> keys = List.of(
                        "ΣΊΣΥΦΟΣ",
                        "σίσυφος",
                        "ſmall",
                        "Small",
                        "İstanbul",
                        "istanbul",
                        "ISTANBUL",
                        "ısı",
                        "STRASSE",
                        "Straße")
                .stream()
                .map(this::named)
                .toList();
        for (String text :
                List.of("σίσυφοσ", "ΣΊΣΥΦΟΣ", "σίσυφος", "ſma", "SMA", "İst", "ist", "IST", "ıs", "straß", "STRASS")) {
            KeyFilter filter = KeyFilter.everything().search(text);
            assertThat(listed(filter))
                    .as(text)
                    .isNotEmpty()
                    .containsExactlyInAnyOrderElementsOf(
                            keys.stream().filter(filter::matches).toList());
        }
    }

    @Test
    default void search_anyPartOfTheOwner_isFound() {
        ApiKey key = stored(new SampleKey()
                .of(KeyKind.WORKSPACE, new Owner("Alice@Example.org", "Org-17", "Space-9"))
                .named("x")
                .build());
        named("y");
        for (String text : List.of("alice@", "EXAMPLE", "org-17", "space-9", "e-9")) {
            assertThat(listed(KeyFilter.everything().search(text))).as(text).containsExactly(key);
        }
    }

    @Test
    default void search_textAcrossTwoParts_isNotFound() {
        stored(new SampleKey().of(Owner.user("bob", "tower")).named("crm").build());
        for (String text : List.of("crmbob", "bobtower", "crm bob", "crm\nbob", "bob\u0000", "\uD83D")) {
            assertThat(namesFound(text)).as(text).isEmpty();
        }
    }

    @Test
    default void search_beginningOfThePublicId_isFound() {
        ApiKey key = stored(
                new SampleKey().publicId("abcdef0123456789abcdef01").named("x").build());
        for (String text : List.of("abcdef", "ABCDEF01", "abcdef0123456789abcdef01")) {
            assertThat(listed(KeyFilter.everything().search(text))).as(text).containsExactly(key);
        }
        for (String text : List.of("bcdef", "def01", "abcdef0123456789abcdef012", "abc_ef", "abc%")) {
            assertThat(namesFound(text)).as(text).isEmpty();
        }
    }

    @Test
    default void search_withinAnOwner_staysThere() {
        ApiKey mine = stored(new SampleKey().named("CRM").build());
        stored(new SampleKey().of(Owner.user("bob", "org_1")).named("CRM").build());
        KeyFilter filter = KeyFilter.ownedBy(KeyKind.PERSONAL, SampleKey.ALICE).search("crm");
        assertThat(listed(filter)).containsExactly(mine);
        assertThat(store().list(filter, PageRequest.first(1)).total()).isEqualTo(1);
    }

    /** The owner of each of these keys contains the text, so it would find all of them. */
    @Test
    default void search_withinAnOwnerOrUser_looksAtNamesAndPublicIdsOnly() {
        Owner owner = new Owner("crm-robot", "crm-org", "crm-space");
        ApiKey named = stored(new SampleKey()
                .of(KeyKind.WORKSPACE, owner)
                .named("The 100% CRM key")
                .build());
        ApiKey other = stored(new SampleKey()
                .of(KeyKind.WORKSPACE, owner)
                .publicId("abcdef0123456789abcdef02")
                .named("other")
                .build());
        for (KeyFilter filter : List.of(
                KeyFilter.ownedBy(KeyKind.WORKSPACE, owner),
                KeyFilter.everything().user("crm-robot"))) {
            assertThat(listed(filter.search("crm"))).containsExactly(named);
            assertThat(listed(filter.search("100%"))).containsExactly(named);
            assertThat(listed(filter.search("robot"))).isEmpty();
            assertThat(listed(filter.search("abcdef"))).containsExactly(other);
        }
        assertThat(listed(KeyFilter.everything().organization("crm-org").search("crm")))
                .hasSize(2);
    }

    @Test
    default void search_nameThatChanged_isFoundUnderTheNewOneOnly() {
        ApiKey key = named("before");
        ApiKey renamed = key.updated(KeyUpdate.nothing().named("after"), SampleKey.NOW);
        applied(SampleKey.change(key, renamed, SampleKey.NOW));
        assertThat(namesFound("before")).isEmpty();
        assertThat(namesFound("AFTER".toLowerCase(Locale.ROOT))).containsExactly("after");
    }

    @Test
    default void search_longestText_isTakenLiterally() {
        String name = "%".repeat(KeyFilter.MAX_SEARCH_LENGTH);
        named(name);
        assertThat(namesFound(name)).containsExactly(name);
        assertThat(namesFound("_".repeat(KeyFilter.MAX_SEARCH_LENGTH))).isEmpty();
    }
}
