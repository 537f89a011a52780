package dev.apikeys.testkit;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.ExportedKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyOptions;
import dev.apikeys.KeyUpdate;
import dev.apikeys.PageRequest;
import dev.apikeys.spi.KeyImport.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Metadata comes back as it was stored or imported, is found by one entry, and is no part of a credential. */
public interface MetadataContract extends StoreUnderTest {
    /** Stores a key with this metadata. */
    default ApiKey described(Map<String, String> metadata) {
        return stored(new SampleKey().with(KeyOptions.DEFAULT.with(metadata)).build());
    }

    @Test
    default void metadata_longestNamesAndValuesInAnyScript_comeBackTheSame() {
        Map<String, String> most = new TreeMap<>();
        for (int i = 0; i < KeyOptions.MAX_METADATA_ENTRIES; i++) {
            String number = String.format("%02d", i);
            most.put(
                    "🔑".repeat(KeyOptions.MAX_METADATA_NAME_LENGTH - 2) + number,
                    "🔒".repeat(KeyOptions.MAX_METADATA_VALUE_LENGTH - 2) + number);
        }
        ApiKey key = described(most);
        ApiKey plain = stored(new SampleKey().createdAt(NOW.minusMillis(1)).build());

        assertThat(current(key).metadata()).isEqualTo(most);
        assertThat(listed(KeyFilter.everything())).containsExactly(key, plain);
        Map.Entry<String, String> one = most.entrySet().iterator().next();
        assertThat(listed(KeyFilter.everything().metadata(one.getKey(), one.getValue())))
                .containsExactly(key);
    }

    @Test
    default void metadata_ofAnExportedAndImportedKey_staysTheSame() {
        ApiKey described = new SampleKey()
                .with(KeyOptions.DEFAULT.with(Map.of(KeyOptions.LABEL, "blue", "team", "billing", "region", "eu")))
                .build();
        ApiKey labelled = new SampleKey()
                .createdAt(NOW.minusSeconds(1))
                .with(KeyOptions.DEFAULT.with(Map.of(KeyOptions.LABEL, "red")))
                .build();
        ApiKey plain = new SampleKey().createdAt(NOW.minusSeconds(2)).build();
        List<ApiKey> keys = List.of(described, labelled, plain);

        assertThat(store().importKeys(keys.stream().map(SampleKey::toImport).toList()))
                .containsOnly(Outcome.IMPORTED);

        assertThat(listed(KeyFilter.everything())).isEqualTo(keys);
        assertThat(listed(KeyFilter.everything().metadata("team", "billing"))).containsExactly(described);
        assertThat(listed(KeyFilter.everything().metadata(KeyOptions.LABEL, "red")))
                .containsExactly(labelled);
        ApiKey rotated = described.rotated(SampleKey.randomPublicId(), NOW);
        applied(SampleKey.rotate(described, rotated.publicId(), NOW, Duration.ofHours(1)));
        List<ExportedKey> exported = store().exportKeys(PageRequest.first(10), NOW);
        assertThat(exported).extracting(ExportedKey::key).containsExactly(rotated, labelled, plain);
        assumeTokensInGraceAreMoved();
        assertThat(exported).extracting(one -> one.tokens().size()).containsExactly(2, 1, 1);
    }

    @Test
    default void metadata_ofACredential_isLeftOut() {
        ApiKey key = described(Map.of("team", "blue", KeyOptions.LABEL, "crm"));
        assertThat(credential(key.publicId()).key().metadata()).isEmpty();
        assertThat(credential(key.publicId()).key()).isEqualTo(key.withMetadata(Map.of()));
    }

    @Test
    default void list_byOneEntry_comparesNameAndValueExactly() {
        ApiKey blue = described(Map.of("team", "blue", "region", "eu", "note", "it's 100 %"));
        ApiKey labelled = described(Map.of(KeyOptions.LABEL, "blue"));
        described(Map.of("team", "Blue", "note", "blue"));
        described(Map.of("Team", "blue"));
        described(Map.of("team", "blue 2"));
        KeyFilter all = KeyFilter.everything();
        assertThat(listed(all.metadata("team", "blue"))).containsExactly(blue);
        assertThat(listed(all.metadata("note", "it's 100 %"))).containsExactly(blue);
        assertThat(listed(all.metadata(KeyOptions.LABEL, "blue"))).containsExactly(labelled);
        assertThat(store().list(all.metadata("region", "eu"), PageRequest.first(1))
                        .total())
                .isEqualTo(1);
        assertThat(store().find(blue.id(), all.metadata("region", "eu"))).contains(blue);
        assertThat(store().find(blue.id(), all.metadata("region", "us"))).isEmpty();
        for (String almost : List.of("blu", "blue ", "%", "", "blue\u0000", "\uD800")) {
            assertThat(listed(all.metadata("team", almost))).as(almost).isEmpty();
            assertThat(listed(all.metadata(KeyOptions.LABEL, almost)))
                    .as(almost)
                    .isEmpty();
            assertThat(listed(all.metadata(almost, "blue"))).as(almost).isEmpty();
        }
    }

    @Test
    default void apply_otherMetadata_replacesIt() {
        ApiKey key = described(Map.of("team", "blue", "region", "eu", KeyOptions.LABEL, "crm"));
        KeyUpdate update = KeyUpdate.nothing()
                .metadata("team", "red")
                .metadata("region", "")
                .metadata("note", "new")
                .metadata(KeyOptions.LABEL, "erp");
        ApiKey changed = key.updated(update, NOW);

        applied(SampleKey.change(key, changed, NOW));

        Map<String, String> expected = Map.of("team", "red", "note", "new", KeyOptions.LABEL, "erp");
        assertThat(current(key)).isEqualTo(changed);
        assertThat(current(key).metadata()).isEqualTo(expected);
        assertThat(listed(KeyFilter.everything().metadata("region", "eu"))).isEmpty();
        ApiKey named = changed.updated(KeyUpdate.nothing().named("other"), NOW);
        applied(SampleKey.change(changed, named, NOW));
        assertThat(current(key).metadata()).isEqualTo(expected);
    }

    @Test
    default void list_pages_countKeysAndNotEntries() {
        for (int i = 0; i < 5; i++) {
            described(Map.of("a", "1", "b", "2", "c", "3"));
        }
        assertThat(store().list(KeyFilter.everything(), PageRequest.page(2, 2)).items())
                .hasSize(2)
                .allSatisfy(key -> assertThat(key.metadata()).hasSize(3));
    }

    @Test
    default void maintain_keyThatGoes_takesItsMetadataAlong() {
        ApiKey key = described(Map.of("team", "blue"));
        applied(SampleKey.revoke(key));
        store().maintain(NOW.plusSeconds(3_600), NOW, 10);
        ApiKey again = stored(new SampleKey().id(key.id()).build());
        assertThat(current(again).metadata()).isEmpty();
        assertThat(listed(KeyFilter.everything().metadata("team", "blue"))).isEmpty();
    }
}
