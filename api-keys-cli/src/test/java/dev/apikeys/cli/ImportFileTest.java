package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apikeys.ImportedForm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files of up to 10,000 lines of which each hundredth is broken. Hashes and numbers know no locale. */
@Tag("tr-skip")
class ImportFileTest {
    private static final int MANY = 10_000;
    private static final int FEW = 1_000;
    private static final int BROKEN_EACH = 100;
    private static final String[] BREAKAGES = {"", "a,\"b", "x,y", "{", "17,MD5,u,n,zz,zz,zz,zz"};

    private final Random random = new Random(14);
    private final TestDatabaseInMemory database = new TestDatabaseInMemory();
    private final CommandRun cli = database.cli();
    private final List<String> tokens = new ArrayList<>();
    private int lines = MANY;

    @TempDir
    private Path directory;

    @BeforeEach
    void makeTables() {
        cli.ok("schema", "create");
        ForeignForm.ENVIRONMENT.forEach(cli::with);
    }

    private Path file(String name, String heading, IntFunction<String> line) throws IOException {
        List<String> content = new ArrayList<>();
        if (!heading.isEmpty()) {
            content.add(heading);
        }
        for (int i = 1; i <= lines; i++) {
            content.add(i % BROKEN_EACH == 0 ? BREAKAGES[i / BROKEN_EACH % BREAKAGES.length] : line.apply(i));
        }
        return Files.write(directory.resolve(name), content);
    }

    /** Imports the file, and checks that the report names the broken lines, and that every good token works. */
    private void check(Path file, ImportedForm form, int firstLine, List<String> options) {
        int good = lines - lines / BROKEN_EACH;
        List<String> command = new ArrayList<>(List.of("import", file.toString()));
        command.addAll(options);
        CommandRun.Result imported = cli.run(command.toArray(String[]::new));

        assertThat(imported.messages())
                .contains("Imported " + good + " keys of " + lines + " lines", lines - good + " refused");
        assertThat(imported.code()).isEqualTo(Exit.INCOMPLETE.code());
        List<String> refused = imported.out().lines().skip(1).toList();
        assertThat(refused).hasSize(lines - good);
        for (int i = 0; i < refused.size(); i++) {
            assertThat(refused.get(i)).startsWith((i + 1) * BROKEN_EACH + firstLine - 1 + " ");
        }
        assertThat(tokens).hasSize(good);
        assertThat(database.acceptedOf(tokens, form.tokens(), builder -> builder.importedHmacKey(ForeignForm.key())))
                .isEqualTo(tokens.size());
        assertThat(cli.run(command.toArray(String[]::new)).messages()).contains(good + " were there already");
    }

    private void check(ForeignForm form, RowFile.Format format) throws IOException {
        IntFunction<String> line = format == RowFile.Format.CSV ? i -> csv(form, i) : i -> json(form, i);
        Path file = format == RowFile.Format.CSV
                ? file("keys.csv", "lookup,hash,salt,user,name,mode", line)
                : file("keys.jsonl", "", line);
        check(file, form.form(), format == RowFile.Format.CSV ? 2 : 1, form.options());
    }

    private ForeignForm.Sample sample(ForeignForm form, int number) {
        ForeignForm.Sample sample = form.sample(number, random);
        tokens.add(sample.token());
        return sample;
    }

    private String csv(ForeignForm form, int number) {
        ForeignForm.Sample row = sample(form, number);
        return row.lookup() + "," + row.hash() + "," + row.salt() + ",u" + number + ",\"The \"\"" + number
                + "\"\", here\",read";
    }

    private String json(ForeignForm form, int number) {
        ForeignForm.Sample row = sample(form, number);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("lookup", row.lookup().isEmpty() ? null : row.lookup());
        fields.put("hash", row.hash());
        fields.put("salt", row.salt());
        fields.put("user", "u" + number);
        fields.put("name", "The \"" + number + "\"");
        fields.put("scopes", List.of("read:systems", "read:users"));
        return new ObjectMapper().valueToTree(fields).toString();
    }

    @ParameterizedTest
    @EnumSource
    void fileOfEachForm_withBrokenLines(ForeignForm form) throws IOException {
        lines = FEW;
        check(form, form.isFirstInCsv() ? RowFile.Format.CSV : RowFile.Format.JSONL);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("endurance")
    void largeFileOfEachForm_inCsv(ForeignForm form) throws IOException {
        check(form, RowFile.Format.CSV);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("endurance")
    void largeFileOfEachForm_inJsonLines(ForeignForm form) throws IOException {
        check(form, RowFile.Format.JSONL);
    }

    @Test
    void sanctumTable_asLaravelWritesIt() throws IOException {
        Path file = file("tokens.csv", "id,token,tokenable_id,name,last_used_at,expires_at,created_at", i -> {
            ForeignForm.Sample row = sample(ForeignForm.SANCTUM, i);
            return i + "," + row.hash() + "," + i % 2_500 + ",\"Tablet, the " + i + "th\",,,2021-03-04 05:06:07";
        });

        check(
                file,
                ImportedForm.laravelSanctum(),
                2,
                List.of(
                        "--form",
                        "sanctum",
                        "--set",
                        "mode=write",
                        "--map",
                        "lookup=id,hash=token,user=tokenable_id,last-used-at=last_used_at,expires-at=expires_at,"
                                + "created-at=created_at"));
    }

    @Test
    void djangoTable_asPostgresWritesIt() throws IOException {
        Path file = file("keys.csv", "prefix,hashed_key,created,name,revoked,expiry_date", i -> {
            ForeignForm.Sample row = sample(ForeignForm.DJANGO, i);
            return row.lookup() + "," + row.hash() + ",2023-01-02 03:04:05+00,client " + i + ",f,";
        });

        check(
                file,
                ImportedForm.djangoRestFrameworkApiKey(),
                2,
                List.of(
                        "--form",
                        "django",
                        "--beyond-limit",
                        "--set",
                        "organization=acme",
                        "--set",
                        "mode=read",
                        "--map",
                        "lookup=prefix,hash=hashed_key,created-at=created,expires-at=expiry_date"));
    }
}
