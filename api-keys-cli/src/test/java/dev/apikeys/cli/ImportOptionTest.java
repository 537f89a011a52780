package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code import} makes of fields, columns and of files that are not as they should be. */
class ImportOptionTest {
    private static final String HASH = ForeignForm.hex(ForeignForm.sha("SHA-256", "x"));

    private final TestDatabaseInMemory database = new TestDatabaseInMemory();
    private final CommandRun cli = database.cli();

    @TempDir
    private Path directory;

    @BeforeEach
    void makeTables() {
        cli.ok("schema", "create");
    }

    private CommandRun.Result importing(String name, byte[] content, String... options) throws IOException {
        Path file = Files.write(directory.resolve(name), content);
        String[] command = new String[options.length + 4];
        command[0] = "import";
        command[1] = file.toString();
        command[2] = "--form";
        command[3] = "sanctum";
        System.arraycopy(options, 0, command, 4, options.length);
        return cli.run(command);
    }

    private CommandRun.Result importing(String csv, String... options) throws IOException {
        return importing("keys.csv", csv.getBytes(StandardCharsets.UTF_8), options);
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What bounds a key must not get lost, nor a key itself. */
    @Test
    void lineOfJson_thatWouldLoseSomething_isRefused() throws IOException {
        String key = "{\"lookup\":\"7\",\"hash\":\"" + HASH + "\",\"user\":\"u\",\"name\":\"n\",\"mode\":\"read\"";
        for (String line : new String[] {
            key + ",\"allowed-from\":[{\"cidr\":\"10.0.0.0/8\"}]}",
            key + ",\"allowed-from\":[[\"10.0.0.0/8\"]]}",
            key + ",\"allowed-from\":[null]}",
            key + ",\"allowed-from\":\" , \"}",
            key + ",\"allowedFrom\":[\"10.0.0.0/8\"]}",
            key + ",\"expiresAt\":\"2027-01-01\"}",
            key + ",\"scopes\":[{\"s\":\"read:x\"}]}",
            key + ",\"expires-at\":\"2027-02-30 00:00:00\"}",
            key + "}" + key.replace("\"7\"", "\"8\"") + "}"
        }) {
            CommandRun.Result refused = importing("keys.jsonl", (line + "\n").getBytes(StandardCharsets.UTF_8));
            assertThat(refused.messages()).as(line).contains("Imported 0 keys of 1 lines", "1 refused");
            assertThat(refused.code()).isEqualTo(Exit.INCOMPLETE.code());
        }
        assertThat(cli.ok("list")).isEmpty();
        assertThat(importing("keys.jsonl", (key + ",\"allowed-from\":[]}\n").getBytes(StandardCharsets.UTF_8))
                        .messages())
                .contains("Imported 1 key of 1 lines");
    }

    @Test
    void columnInAnotherSpelling_isMapped_orRefused() throws IOException {
        String csv = "lookup,hash,user,name,mode,expires_at\n7," + HASH + ",u,n,read,2037-01-01\n";
        assertThat(importing(csv).messages()).contains("1 refused");
        assertThat(importing(csv, "--map", "expires-at=expires_at").messages()).contains("Imported 1 key");
        assertThat(cli.ok("list", "--json")).contains("2037-01-01T00:00:00Z");
    }

    @Test
    void dryRun_writesNothing() throws IOException {
        assertThat(importing("lookup,hash,user,name,mode\n7," + HASH + ",u,n,read\n", "--dry-run")
                        .messages())
                .contains("Would import 1 key of 1 lines");
        assertThat(cli.ok("list")).isEmpty();
    }

    @Test
    void everyField_arrives() throws IOException {
        String csv =
                "lookup;hash;user;organization;name;scopes;allowed-from;created-at;created-by;expires-at;paused-at;"
                        + "last-used-at;last-used-from;metadata.team;stage\n"
                        + "7;" + HASH
                        + ";u;o;n;read:a write:b;10.0.0.0/8,::1;2021-01-02;import;never;2022-01-02T03:04:05Z;"
                        + "1700000000;192.0.2.1;payments;live\n";

        CommandRun.Result imported = importing(csv, "--delimiter", ";", "--map", "metadata.environment=stage");

        assertThat(imported.messages()).contains("Imported 1 key of 1 lines; 0 were there already, 0 refused");
        assertThat(cli.ok("list", "--json").replaceAll("\\s", ""))
                .contains(
                        "\"user\":\"u\",\"organization\":\"o\"",
                        "\"grant\":\"read:a,write:b\"",
                        "\"status\":\"PAUSED\"",
                        "\"allowedFrom\":[\"10.0.0.0/8\",\"::1\"]",
                        "\"team\":\"payments\"",
                        "\"environment\":\"live\"",
                        "\"createdAt\":\"2021-01-02T00:00:00Z\",\"createdBy\":\"import\"",
                        "\"expiresAt\":null,\"lastUsedAt\":\"2023-11-14T22:13:20Z\",\"lastUsedFrom\":\"192.0.2.1\"",
                        "\"pausedAt\":\"2022-01-02T03:04:05Z\"");
    }

    @Test
    void revokedKey_staysRevoked() throws IOException {
        importing("lookup,hash,user,name,mode,revoked\n7," + HASH + ",u,n,read,t\n8," + HASH + ",u,n,read,f\n");

        assertThat(cli.run("list", "--status", "revoked").messages()).contains("1 of 1 key");
        assertThat(cli.run("list", "--status", "active").messages()).contains("1 of 1 key");
    }

    @Test
    void markOfWindows_carriageReturnsAndQuotes_areRead() throws IOException {
        String csv = "\uFEFFlookup,hash,user,name,mode\r\n7," + HASH + ",u,\"a \"\"b\"\", c\",read\r\n8," + HASH
                + ",u,last,read";

        assertThat(importing(csv).messages()).contains("Imported 2 keys of 2 lines");
        assertThat(cli.ok("list")).contains("a \"b\", c", "last");
    }

    @Test
    void brokenLines_areRefusedByTheirNumbers_andNotQuoted() throws IOException {
        String good = "," + HASH + ",u,n,read\n";
        byte[] content = latin1("lookup,hash,user,name,mode\n1" + good // 2
                + "2," + HASH + ",u,\u00ff\u00fe,read\n" // 3
                + "3," + HASH + ",u,a\u0000b,read\n" // 4
                + "4," + HASH + ",u,a\u001b[31m,read\n" // 5
                + "5," + HASH + ",u,a\rb,read\n" // 6
                + "6," + HASH + ",u,\"open,read\n" // 7
                + "7," + HASH + ",u," + "x".repeat(LineReader.LONGEST) + ",read\n" // 8
                + "8,hunter2,u,n,read\n" // 9
                + "9," + HASH + ",u,n,execute\n" // 10
                + "10" + good);

        CommandRun.Result imported = importing("keys.csv", content);

        assertThat(imported.messages()).contains("Imported 2 keys of 10 lines; 0 were there already, 8 refused");
        assertThat(imported.out().lines())
                .containsExactly(
                        "LINE  REFUSED BECAUSE",
                        "3     the line is not UTF-8",
                        "4     a key's name holds a control character or an unpaired surrogate",
                        "5     a key's name holds a control character or an unpaired surrogate",
                        "6     the line holds a carriage return; lines end with LF or CRLF",
                        "7     the line is not CSV; is a quote open?",
                        "8     the line is longer than 1048576 bytes",
                        "9     the stored hash is no SHA-256 in hexadecimal, Base64 or Base64url; it isn't shown here",
                        "10    the field mode is read or write");
    }

    @Test
    void brokenJson_isRefusedByItsLine() throws IOException {
        String json = "{\"lookup\":\"7\",\"hash\":\"" + HASH + "\",\"user\":\"u\",\"name\":\"n\",\"mode\":\"read\"}\n"
                + "{\"lookup\":\"8\",\"lookup\":\"9\"}\n[1]\n{\"lookup\":\n\"text\"\n";

        CommandRun.Result imported = importing("keys.jsonl", json.getBytes(StandardCharsets.UTF_8), "--json");

        assertThat(imported.code()).isEqualTo(Exit.INCOMPLETE.code());
        assertThat(imported.out().replaceAll("\\s+", " "))
                .contains(
                        "\"lines\" : 5, \"imported\" : 1, \"duplicates\" : 0, \"refused\" : 4, \"refusedLines\" : [",
                        "{ \"line\" : 2, \"reason\" : \"the line is not JSON\" }",
                        "{ \"line\" : 3, \"reason\" : \"the line is not a JSON object\" }",
                        "{ \"line\" : 4, \"reason\" : \"the line is not JSON\" }");
    }

    @Test
    void refusedLines_areAllNamed_alsoThousands() throws IOException {
        StringBuilder csv = new StringBuilder("lookup,hash,user,name,mode\n");
        for (int i = 0; i < 3_000; i++) {
            csv.append("broken\n");
        }

        assertThat(importing(csv.toString()).out().lines())
                .hasSize(3_001)
                .endsWith("3001  the line has 1 values, and there are 5 headings");
    }

    @Test
    void wrongColumnsAndFields_areSaidAtOnce() throws IOException {
        String csv = "id,token\n7," + HASH + "\n";

        assertSaid(importing(csv, "--map", "lookup=number"), "no column number; the file has id, token");
        assertSaid(importing(csv, "--map", "loookup=id"), "no field loookup; the fields are lookup, hash");
        assertSaid(importing("id,id\n1,2\n"), "the same heading");
        assertSaid(importing(""), "the file is empty");
        assertSaid(importing("id\rtoken\r1\r2\r"), "carriage return");
        assertSaid(cli.run("import", directory.toString(), "--form", "sanctum", "--format", "csv"), "can't be read");
        Path named = Files.writeString(directory.resolve("other.csv"), csv);
        assertSaid(cli.run("import", named.toString()), "Give --form");
        Path unnamed = Files.writeString(directory.resolve("keys"), csv);
        assertSaid(cli.run("import", unnamed.toString(), "--form", "sanctum"), "CSV or JSON Lines?");
        assertSaid(cli.run("import", "nowhere.csv", "--form", "sanctum"), "can't be read");
        assertThat(cli.ok("list")).isEmpty();
    }

    private static void assertSaid(CommandRun.Result result, String text) {
        assertThat(result.messages()).contains(text);
        assertThat(result.code()).isEqualTo(Exit.USAGE.code());
    }

    @Test
    void md5_isRefused() throws IOException {
        CommandRun.Result refused = importing("lookup,hash,user,name,mode\n", "--digest", "md5");

        assertThat(refused.code()).isEqualTo(Exit.USAGE.code());
        assertThat(refused.messages()).contains("MD5");
    }

    @Test
    void lineReader_readsEveryLine_whateverTheBlocks() throws IOException {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            text.append("é".repeat(random.nextInt(2_000))).append(i).append(random.nextBoolean() ? "\n" : "\r\n");
        }
        byte[] bytes = text.append("no end").toString().getBytes(StandardCharsets.UTF_8);
        try (LineReader reader = new LineReader(new ByteArrayInputStream(bytes))) {
            for (String line : text.toString().lines().toList()) {
                assertThat(reader.read().text()).isEqualTo(line);
            }
            assertThat(reader.read()).isNull();
        }
    }
}
