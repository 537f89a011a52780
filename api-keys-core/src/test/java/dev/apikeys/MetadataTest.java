package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.apikeys.testkit.TestKeys;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Strings of the host's own on a key: shown and found, and no part of any decision. */
class MetadataTest {
    @Test
    void metadata_ofANewKey_isShownFoundAndChanged() {
        try (TestKeys service = new TestKeys()) {
            IssuedKey issued = service.keys()
                    .issue(TestKeys.spec().metadata("team", "blue").metadata("region", "eu"));
            service.issue();
            KeyFilter blue = KeyFilter.everything().metadata("team", "blue");
            assertThat(service.keys().list(blue, PageRequest.first(9)).items())
                    .extracting(ApiKey::metadata)
                    .containsExactly(Map.of("team", "blue", "region", "eu"));

            ApiKey changed = service.keys()
                    .update(
                            TestKeys.ref(issued),
                            KeyUpdate.nothing()
                                    .metadata("team", "red")
                                    .metadata("region", "")
                                    .named("other"),
                            TestKeys.ACTOR);

            assertThat(changed.metadata()).isEqualTo(Map.of("team", "red"));
            assertThat(changed.name()).isEqualTo("other");
            assertThat(service.keys().list(blue, PageRequest.first(9)).items()).isEmpty();
            ApiKey emptied = service.keys()
                    .update(TestKeys.ref(issued), KeyUpdate.nothing().metadata(Map.of()), TestKeys.ACTOR);
            assertThat(emptied.metadata()).isEmpty();
            assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
        }
    }

    @Test
    void label_isAnEntry() {
        KeyOptions options = KeyOptions.DEFAULT.labelled("crm");
        assertThat(options.metadata()).isEqualTo(Map.of(KeyOptions.LABEL, "crm"));
        assertThat(KeyOptions.DEFAULT.metadata(KeyOptions.LABEL, "crm")).isEqualTo(options);
        assertThat(options.label()).isEqualTo("crm");
        assertThat(options.labelled("")).isEqualTo(KeyOptions.DEFAULT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyOptions.DEFAULT.metadata(KeyOptions.LABEL, "x".repeat(65)))
                .withMessageContaining("64");
    }

    @Test
    void metadata_inMemory_isNotKept() {
        try (TestKeys service = new TestKeys()) {
            IssuedKey one = service.keys().issue(TestKeys.spec().metadata("team", "blue"));
            IssuedKey other = service.keys().issue(TestKeys.spec().metadata("team", "red"));
            assertThat(service.memory()
                            .findCredential(one.key().publicId())
                            .orElseThrow()
                            .key()
                            .metadata())
                    .isEmpty();
            assertThat(service.verify(one).orElseThrow().scopes())
                    .isSameAs(service.verify(other).orElseThrow().scopes());
        }
    }

    @Test
    void entries_upToTheLimits_areTaken_andMoreRefused() {
        Map<String, String> most = new TreeMap<>();
        for (int i = 0; i < KeyOptions.MAX_METADATA_ENTRIES; i++) {
            most.put("name" + i, "\uD83D\uDD11".repeat(KeyOptions.MAX_METADATA_VALUE_LENGTH));
        }
        KeyOptions full = KeyOptions.DEFAULT.with(most);
        assertThat(full.metadata()).isEqualTo(most);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> full.metadata("one more", "x"))
                .withMessageContaining("20");
        assertThat(full.metadata("name0", "x").metadata()).hasSize(KeyOptions.MAX_METADATA_ENTRIES);
        assertThatIllegalArgumentException().isThrownBy(() -> KeyOptions.DEFAULT.metadata("n".repeat(41), "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> KeyOptions.DEFAULT.metadata("n", "x".repeat(501)));
        try (TestKeys service = new TestKeys()) {
            IssuedKey issued = service.keys().issue(TestKeys.spec().with(full));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> service.keys()
                            .update(
                                    TestKeys.ref(issued),
                                    KeyUpdate.nothing().metadata("one more", "x"),
                                    TestKeys.ACTOR));
        }
    }

    @Test
    void name_thatNoEntryCanHave_isRefusedWhenItsEntryIsToBeRemoved() {
        for (String name : List.of("", " ", "a\nb", "n".repeat(41))) {
            assertThatIllegalArgumentException().isThrownBy(() -> KeyOptions.DEFAULT.metadata(name, ""));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> KeyUpdate.nothing().metadata(name, ""));
        }
    }

    /** A new key has no entry that could be removed. */
    @Test
    void entryOfANewKey_withoutAValue_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestKeys.spec().metadata("region", ""))
                .withMessageContaining("isn't blank");
    }

    @Test
    void text_thatNobodyCanRead_isRefused() {
        for (String text : List.of(" ", "a\nb", "a\u0000", "\uD83D", "a\u202Eb", "\u200b")) {
            assertThatIllegalArgumentException().isThrownBy(() -> KeyOptions.DEFAULT.metadata(text, "x"));
            assertThatIllegalArgumentException().isThrownBy(() -> KeyOptions.DEFAULT.metadata("name", text));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TestKeys.spec().metadata("name", text));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> KeyUpdate.nothing().metadata(Map.of("name", text)));
        }
    }
}
