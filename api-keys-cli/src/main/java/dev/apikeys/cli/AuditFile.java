package dev.apikeys.cli;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apikeys.AuditEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What an audit trail in a file says of changes that a database may have lost.
 *
 * @param revoked the reasons of all revocations by key id, in the order of the file
 * @param otherChanges how many entries are about rotations and other changes of keys
 */
record AuditFile(Map<UUID, String> revoked, long otherChanges) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads a file: an array, as {@code audit --json} writes it, or entries one after the other.
     *
     * @throws CommandException when it can't be read or is not understood; the message says which entry and doesn't quote it
     */
    static AuditFile read(Path file) {
        Map<UUID, String> revoked = new LinkedHashMap<>();
        long others = 0;
        long number = 0;
        try (MappingIterator<JsonNode> entries = JSON.readerFor(JsonNode.class).readValues(file.toFile())) {
            while (entries.hasNextValue()) {
                JsonNode entry = entries.nextValue();
                number++;
                AuditEvent event = event(entry).orElseThrow(() -> new IllegalArgumentException("it has no event"));
                if (event == AuditEvent.REVOKED) {
                    revoked.putIfAbsent(keyId(entry), entry.path("reason").asText(""));
                } else if (event == AuditEvent.ROTATED || event == AuditEvent.UPDATED) {
                    others++;
                }
            }
        } catch (JsonParseException broken) {
            throw CommandException.usage("the file " + file + " is not JSON behind entry " + number);
        } catch (IllegalArgumentException wrong) {
            throw CommandException.usage("entry " + number + " of the file " + file + " is not one of an audit trail: "
                    + wrong.getMessage());
        } catch (IOException unreadable) {
            throw CommandException.usage("the file " + file + " can't be read");
        }
        return new AuditFile(revoked, others);
    }

    private static Optional<AuditEvent> event(JsonNode entry) {
        String name = entry.path("event").asText("");
        for (AuditEvent event : AuditEvent.values()) {
            if (event.name().equalsIgnoreCase(name)) {
                return Optional.of(event);
            }
        }
        return Optional.empty();
    }

    private static UUID keyId(JsonNode entry) {
        try {
            return UUID.fromString(entry.path("keyId").asText(""));
        } catch (IllegalArgumentException none) {
            throw new IllegalArgumentException("it has no keyId", none);
        }
    }
}
