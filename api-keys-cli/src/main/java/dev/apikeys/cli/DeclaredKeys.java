package dev.apikeys.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.apikeys.Grant;
import dev.apikeys.IpRange;
import dev.apikeys.KeyKind;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.Owner;
import dev.apikeys.Scopes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * The keys that a file declares.
 *
 * @param keys the keys, in the order of the file
 */
record DeclaredKeys(List<Declared> keys) {
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * One key. Its owner and its name identify it.
     *
     * @param name as people call it
     * @param user the owner's user, or null
     * @param organization the owner's organization, or null
     * @param workspace the owner's workspace, or null
     * @param mode what it may do: read or write; null for scopes
     * @param scopes what it may do; null for a mode
     * @param allowedFrom addresses and blocks; null for every address
     * @param expiresAt until when it works, or {@code never}; null for the usual lifetime
     * @param metadata strings of the host's own; null to leave them as they are
     * @param token into which file a new token goes, if the key is to be issued
     * @param id the key id of a key whose hash is declared
     * @param publicId the public id of its token
     * @param hash the hash of its secret, as 'export' shows it
     */
    record Declared(
            String name,
            @Nullable String user,
            @Nullable String organization,
            @Nullable String workspace,
            @Nullable String mode,
            @Nullable List<String> scopes,
            @JsonProperty("allowed-from") @Nullable List<String> allowedFrom,
            @JsonProperty("expires-at") @Nullable String expiresAt,
            @Nullable Map<String, String> metadata,
            @JsonProperty("token-file") @Nullable String token,
            @Nullable UUID id,
            @JsonProperty("public-id") @Nullable String publicId,
            @Nullable String hash) {

        Owner owner() {
            return new Owner(user, organization, workspace);
        }

        KeyKind kind() {
            if (workspace != null) {
                return KeyKind.WORKSPACE;
            }
            return user == null ? KeyKind.ORGANIZATION : KeyKind.PERSONAL;
        }

        /**
         * What it may do.
         *
         * @throws IllegalArgumentException unless there is either a mode or scopes
         */
        Grant grant() {
            if ((mode == null) == (scopes == null)) {
                throw new IllegalArgumentException("it needs either mode or scopes");
            }
            if (scopes != null) {
                return Grant.of(Scopes.of(scopes.toArray(String[]::new)));
            }
            return Grant.of("write".equals(mode) ? Mode.WRITE : readMode());
        }

        private Mode readMode() {
            if ("read".equals(mode)) {
                return Mode.READ;
            }
            throw new IllegalArgumentException("its mode is read or write");
        }

        List<IpRange> addresses() {
            return allowedFrom == null
                    ? List.of()
                    : allowedFrom.stream().map(IpRange::parse).distinct().toList();
        }

        /** The key as it would be issued, without its end. */
        KeySpec spec() {
            KeySpec spec = KeySpec.of(kind(), owner())
                    .named(name)
                    .granting(grant())
                    .allowedFrom(addresses().stream().map(IpRange::toString).toArray(String[]::new));
            for (Map.Entry<String, String> entry : Objects.requireNonNullElse(metadata, Map.<String, String>of())
                    .entrySet()) {
                spec = spec.metadata(entry.getKey(), entry.getValue());
            }
            return spec;
        }

        /** What identifies it in the file: two names that are stored as one are one key. */
        Object identity() {
            return id != null ? id : List.of(owner(), storedName());
        }

        boolean neverExpires() {
            return "never".equals(expiresAt);
        }

        /** When it ends, as it is stored; null when the file doesn't say, or says never. */
        @Nullable
        Instant end() {
            return expiresAt == null || neverExpires()
                    ? null
                    : Times.instant(expiresAt).truncatedTo(ChronoUnit.MILLIS);
        }

        /** Its name as it is stored. */
        String storedName() {
            return spec().name().orElseThrow();
        }

        /** Tells whether its hash is declared, so that it is not issued here. */
        boolean isHashed() {
            return id != null || publicId != null || hash != null;
        }

        void check() {
            if (name == null) {
                throw CommandException.usage("a key in the file has no name");
            }
            boolean whole = id != null && publicId != null && hash != null;
            if (isHashed() ? !whole || token != null : token == null) {
                throw wrong("it needs either token-file, or all of id, public-id and hash");
            }
            if (hasEmpty(scopes) || hasEmpty(allowedFrom) || (metadata != null && hasEmpty(metadata.values()))) {
                throw wrong("there is an empty item among its scopes, addresses or metadata");
            }
            try {
                spec();
                end();
            } catch (IllegalArgumentException | CommandLine.TypeConversionException unfit) {
                throw wrong(unfit.getMessage());
            }
        }

        /** YAML reads an item that isn't there as null. */
        private static boolean hasEmpty(@Nullable Collection<String> items) {
            return items != null && items.stream().anyMatch(Objects::isNull);
        }

        private CommandException wrong(@Nullable String reason) {
            return CommandException.usage("the key '" + name + "' is wrong: " + reason);
        }
    }

    /**
     * Reads a file.
     *
     * @throws CommandException when it can't be read or is not understood; the message names the line and doesn't quote it
     */
    static DeclaredKeys read(Path file) {
        try {
            DeclaredKeys declared = YAML.readValue(Files.readString(file), DeclaredKeys.class);
            if (declared == null || declared.keys == null) {
                throw CommandException.usage("the file " + file + " has no list 'keys'");
            }
            if (declared.keys.stream().anyMatch(Objects::isNull)) {
                throw CommandException.usage("the file " + file + " has an empty item among 'keys'");
            }
            declared.keys.forEach(Declared::check);
            if (declared.keys.stream().map(Declared::identity).distinct().count() < declared.keys.size()) {
                throw CommandException.usage("the file " + file + " declares a key twice");
            }
            return declared;
        } catch (UnrecognizedPropertyException unknown) {
            throw CommandException.usage("there is no field " + unknown.getPropertyName() + "; see 'apply --help'");
        } catch (JsonProcessingException broken) {
            JsonLocation at = broken.getLocation();
            throw CommandException.usage("the file " + file + " is not understood"
                    + (at == null ? "" : ", line " + at.getLineNr() + ", column " + at.getColumnNr())
                    + "; see 'apply --help'");
        } catch (IOException unreadable) {
            throw CommandException.usage("the file " + file + " can't be read");
        }
    }
}
