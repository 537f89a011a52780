package dev.apikeys.jdbi;

import dev.apikeys.ExportedKey;
import dev.apikeys.PageRequest;
import dev.apikeys.spi.SecretHash;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Reads keys with their hashes, and counts the hashes. */
final class KeyExport {
    private static final String COLUMNS =
            KeyRow.COLUMNS + ", " + MetadataTable.COLUMNS + ", c.public_id, c.secret_hash, c.valid_until";
    private static final int TOKEN = KeyRow.COLUMN_COUNT + MetadataTable.COLUMN_COUNT + 1;

    /**
     * One statement, so that a key, its metadata and its tokens are read at one moment: a line for each token and each
     * entry. Most keys have one token and few entries.
     */
    private static final String PAGE = "p JOIN api_key k ON k.id = p.id LEFT JOIN api_key_usage u ON u.key_id = k.id "
            + MetadataTable.JOIN
            + " JOIN api_key_credential c ON c.key_id = k.id WHERE (c.valid_until IS NULL OR c.valid_until >= ?)"
            + " ORDER BY k.created_at DESC, k.id DESC, c.public_id";

    /** The end of a hash of this library: a dollar sign and 64 hexadecimal digits. */
    private static final String COUNT = """
            SELECT kind, COUNT(*) FROM (SELECT CASE
            WHEN c.secret_hash LIKE '$%' OR c.secret_hash LIKE '{%' THEN 'password'
            WHEN c.secret_hash LIKE 'generated$%' THEN 'generated'
            WHEN CHAR_LENGTH(c.secret_hash) > 65 AND (c.secret_hash LIKE 'sha256$%'
            OR c.secret_hash LIKE 'hmac-sha256$%' OR c.secret_hash LIKE 'imported$%')
            THEN REGEXP_REPLACE(LEFT(c.secret_hash, CHAR_LENGTH(c.secret_hash) - 65), '~[^~]*~', '')
            ELSE 'other' END AS kind
            FROM api_key_credential c JOIN api_key k ON k.id = c.key_id WHERE k.revoked_at IS NULL) kinds
            GROUP BY kind""";

    private KeyExport() {}

    static List<ExportedKey> page(Handle handle, PageRequest page, Instant endedBefore) throws SQLException {
        Conditions here = new Conditions().from(page);
        String select = "SELECT " + COLUMNS + " FROM (SELECT id FROM api_key" + here.where()
                + " ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?) " + PAGE;
        List<MetadataTable.Line> lines = new ArrayList<>();
        Map<UUID, Set<ExportedKey.Token>> tokens = new HashMap<>();
        try (PreparedStatement statement = Transactions.prepare(handle, select)) {
            int parameter = 1;
            for (Object value : here.values(page.limit(), page.offset(), Columns.bound(endedBefore))) {
                statement.setObject(parameter++, value);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    MetadataTable.Line line = MetadataTable.Line.read(row);
                    lines.add(line);
                    tokens.computeIfAbsent(line.key().id(), id -> new LinkedHashSet<>())
                            .add(token(row));
                }
            }
        }
        return MetadataTable.keys(lines).stream()
                .map(key -> new ExportedKey(key, List.copyOf(tokens.getOrDefault(key.id(), Set.of()))))
                .toList();
    }

    private static ExportedKey.Token token(ResultSet row) throws SQLException {
        return new ExportedKey.Token(
                row.getString(TOKEN), new SecretHash(row.getString(TOKEN + 1)), Columns.instant(row, TOKEN + 2));
    }

    static Map<String, Long> countHashes(Handle handle) throws SQLException {
        Map<String, Long> counts = new HashMap<>();
        try (PreparedStatement statement = Transactions.prepare(handle, COUNT);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                counts.put(row.getString(1), row.getLong(2));
            }
        }
        return counts;
    }
}
