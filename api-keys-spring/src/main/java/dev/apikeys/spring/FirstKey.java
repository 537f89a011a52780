package dev.apikeys.spring;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.NameTakenException;
import dev.apikeys.Owner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Issues the first key and writes its token to a file that only the application's user can read. Several nodes that start
 * at once issue one.
 *
 * <p>Used by one thread.
 */
final class FirstKey implements SmartInitializingSingleton {
    private static final Logger LOG = LoggerFactory.getLogger(FirstKey.class);
    private static final Set<OpenOption> NEW_FILE = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private final KeyService keys;
    private final BootstrapProperties settings;

    FirstKey(KeyService keys, BootstrapProperties settings) {
        this.keys = keys;
        this.settings = settings;
    }

    @Override
    public void afterSingletonsInstantiated() {
        Path file = Objects.requireNonNull(settings.file());
        if (settings.user() == null && settings.organization() == null) {
            throw new InvalidSettingException(
                    "apikeys.bootstrap.user", "the first key needs a user, or an apikeys.bootstrap.organization");
        }
        Owner owner = new Owner(settings.user(), settings.organization(), null);
        KeyKind kind = settings.user() == null ? KeyKind.ORGANIZATION : KeyKind.PERSONAL;
        if (Files.exists(file) || hasOne(kind, owner)) {
            return;
        }
        try {
            issueInto(file, KeySpec.of(kind, owner));
        } catch (IOException failure) {
            throw new UncheckedIOException("the first key could not be written to " + file, failure);
        }
    }

    private boolean hasOne(KeyKind kind, Owner owner) {
        return keys.listAll(KeyFilter.ownedBy(kind, owner).search(settings.name())).stream()
                .anyMatch(key -> key.name().equals(settings.name()));
    }

    /** The file first: a key whose token can't be written must not exist. */
    private void issueInto(Path file, KeySpec spec) throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try (SeekableByteChannel out = Files.newByteChannel(file, NEW_FILE, ownerOnly)) {
            IssuedKey issued = keys.issue(spec.uniquelyNamed(settings.name()).mode(settings.mode()));
            out.write(StandardCharsets.US_ASCII.encode(issued.token().reveal() + "\n"));
            LOG.info(
                    "Issued the first key, {}, and wrote its token to {}",
                    issued.key().id(),
                    file);
        } catch (FileAlreadyExistsException another) {
            LOG.info("Another process is writing the first key to {}", file);
        } catch (NameTakenException another) {
            Files.deleteIfExists(file);
            LOG.info("Another node has issued the first key");
        } catch (RuntimeException failure) {
            Files.deleteIfExists(file);
            throw failure;
        }
    }
}
