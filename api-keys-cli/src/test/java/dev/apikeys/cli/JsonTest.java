package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The names of the fields that programs get. A name may come, but none may go or change. */
class JsonTest {
    private static final String[] KEY = {
        "id",
        "publicId",
        "name",
        "kind",
        "user",
        "organization",
        "workspace",
        "grant",
        "status",
        "allowedFrom",
        "metadata",
        "createdAt",
        "createdBy",
        "expiresAt",
        "lastUsedAt",
        "lastUsedFrom",
        "pausedAt",
        "revokedAt",
        "revokedBy",
        "revokedReason"
    };

    private final CommandRun cli = new TestDatabaseInMemory().cli();
    private String id = "";

    @BeforeEach
    void issueOneKey() throws IOException {
        cli.ok("schema", "create");
        id = json("issue", "--for-user", "alice", "--name", "CRM", "--mode", "read")
                .get("id")
                .asText();
    }

    private JsonNode json(String... command) throws IOException {
        String[] all = Arrays.copyOf(command, command.length + 1);
        all[command.length] = "--json";
        CommandRun.Result result = cli.run(all);
        return new ObjectMapper().readTree(result.out());
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void keys() throws IOException {
        assertThat(names(json("show", id))).containsExactly(KEY);
        assertThat(names(json("list").get(0))).containsExactly(KEY);
        assertThat(names(json("expiring", "--within", "365d").get(0))).containsExactly(KEY);
        assertThat(names(json("unused", "--since", "0s").get(0))).containsExactly(KEY);
        assertThat(names(json("update", id, "--name", "other"))).containsExactly(KEY);
        assertThat(names(json("pause", id))).containsExactly(KEY);
        assertThat(names(json("resume", id))).containsExactly(KEY);
        assertThat(names(json("revoke", id, "--dry-run").get(0))).containsExactly(KEY);
        assertThat(names(json("rotate", id)))
                .containsExactly(
                        Stream.concat(Arrays.stream(KEY), Stream.of("token")).toArray(String[]::new));
        assertThat(json("show", id).get("createdAt").asText()).matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z");
        assertThat(json("list", "--for-user", "nobody")).isEmpty();
    }

    @Test
    void everythingElse() throws IOException {
        assertThat(names(json("audit").get(0)))
                .containsExactly(
                        "at",
                        "event",
                        "keyId",
                        "keyName",
                        "user",
                        "organization",
                        "workspace",
                        "actor",
                        "address",
                        "reason");
        assertThat(names(json("peppers").get(0))).containsExactly("scheme", "pepper", "tokens");
        assertThat(names(json("schema", "status"))).containsExactly("state", "version", "latest", "missing");
        assertThat(names(json("schema", "print").get(0))).containsExactly("version", "fileName", "text");
        assertThat(names(json("doctor").get(0))).containsExactly("check", "level", "found", "advice");
    }
}
