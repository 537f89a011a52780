package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.ExportedKey;
import dev.apikeys.ImportOptions;
import dev.apikeys.ImportReport;
import dev.apikeys.ImportedKey;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.testkit.SampleKey;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two exports in one file: a key that was rotated between them is there twice, with different tokens. */
@Tag("tr-skip") // The databases know nothing of the locale.
class ImportRepeatTest {
    private static ImportedKey exported(ApiKey key) {
        ExportedKey.Token token = new ExportedKey.Token(key.publicId(), SampleKey.hashOf(key.publicId()), null);
        return ImportedKey.of(new ExportedKey(key, List.of(token)));
    }

    @ParameterizedTest
    @EnumSource
    void keyThatIsThereTwice_isRefusedOnce_andTheOthersAreImported(DatabaseServer server) throws Exception {
        ApiKey key = new SampleKey().build();
        List<ImportedKey> lines = List.of(
                exported(new SampleKey().build()),
                exported(key),
                exported(new SampleKey().id(key.id()).build()),
                exported(new SampleKey().build()));
        try (TestDatabase database = server.newDatabase();
                Nodes nodes = new Nodes()) {
            KeyService service = nodes.add(database.store(2), LeasePolicy.DEFAULT);

            assertRefused(service.transfer().importKeys(lines.stream(), ImportOptions.DEFAULT.dryRun()));
            assertThat(database.number("SELECT COUNT(*) FROM api_key")).isZero();
            assertRefused(service.transfer().importKeys(lines.stream(), ImportOptions.DEFAULT));
            assertThat(database.number("SELECT COUNT(*) FROM api_key")).isEqualTo(3);
        }
    }

    private static void assertRefused(ImportReport report) {
        assertThat(report.imported()).isEqualTo(3);
        assertThat(report.firstRefused())
                .singleElement()
                .satisfies(refused -> assertThat(refused.line()).isEqualTo(3));
    }
}
