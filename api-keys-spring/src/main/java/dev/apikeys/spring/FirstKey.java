package dev.apikeys.spring;

import dev.apikeys.Actor;
import dev.apikeys.ApiKey;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.NameTakenException;
import dev.apikeys.Owner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
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
    private static final String FILE = "apikeys.bootstrap.file";

    /** Why a first key is revoked whose token nobody has. */
    private static final String LOST = "its token could not be written";

    private static final Set<OpenOption> NEW_FILE = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private final KeyService keys;
    private final BootstrapProperties settings;

    FirstKey(KeyService keys, BootstrapProperties settings) {
        this.keys = keys;
        this.settings = settings;
    }

    @Override
    public void afterSingletonsInstantiated() {
        Path file = file();
        Owner owner = owner();
        KeyKind kind = settings.user() == null ? KeyKind.ORGANIZATION : KeyKind.PERSONAL;
        KeySpec spec = Setting.apply(
                        "apikeys.bootstrap.name",
                        KeySpec.of(kind, owner),
                        unnamed -> unnamed.uniquelyNamed(settings.name()))
                .mode(settings.mode());
        if (isEmpty(file)) {
            LOG.warn(
                    "{} is empty: another process is writing the first key, or was stopped before it could. If it stays so,"
                            + " revoke the key named {} if there is one, and remove the file",
                    file,
                    settings.name());
        }
        if (Files.exists(file) || hasOne(kind, owner)) {
            return;
        }
        try {
            issueInto(file, spec);
        } catch (NoSuchFileException | AccessDeniedException refused) {
            throw new InvalidSettingException(
                    FILE,
                    "the directory must be there, and the application's user must be allowed to write into it: "
                            + file);
        } catch (IOException failure) {
            throw new UncheckedIOException("the first key could not be written to " + file, failure);
        }
    }

    private Path file() {
        Path file = settings.file();
        if (file == null) {
            throw new InvalidSettingException(FILE, "it is empty: name the file that the token is written to");
        }
        if (Files.isDirectory(file)) {
            throw new InvalidSettingException(FILE, "it is a directory: name a file in " + file);
        }
        return file;
    }

    private Owner owner() {
        String user = settings.user();
        String organization = settings.organization();
        if (user != null) {
            Owner alone = Setting.apply("apikeys.bootstrap.user", user, Owner::user);
            return organization == null
                    ? alone
                    : Setting.apply("apikeys.bootstrap.organization", organization, of -> new Owner(user, of, null));
        }
        if (organization == null) {
            throw new InvalidSettingException(
                    "apikeys.bootstrap.user", "the first key needs a user, or an apikeys.bootstrap.organization");
        }
        return Setting.apply("apikeys.bootstrap.organization", organization, Owner::organization);
    }

    private boolean hasOne(KeyKind kind, Owner owner) {
        return keys.listAll(KeyFilter.ownedBy(kind, owner).search(settings.name())).stream()
                .anyMatch(key -> key.name().equals(settings.name()) && !isLost(key));
    }

    /** Of an earlier start that could not write the token. */
    private static boolean isLost(ApiKey key) {
        ApiKey.Revocation revocation = key.revocation();
        return revocation != null && revocation.reason().equals(LOST);
    }

    private static boolean isEmpty(Path file) {
        try {
            return Files.isRegularFile(file) && Files.size(file) == 0;
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** The file first: a key whose token can't be written must not exist. */
    private void issueInto(Path file, KeySpec spec) throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        IssuedKey issued = null;
        try (FileChannel out = FileChannel.open(file, NEW_FILE, ownerOnly)) {
            issued = keys.issue(spec);
            ByteBuffer token = StandardCharsets.US_ASCII.encode(issued.token().reveal() + "\n");
            while (token.hasRemaining()) {
                out.write(token);
            }
            // It is nowhere else.
            out.force(true);
            LOG.info(
                    "Issued the first key, {}, and wrote its token to {}",
                    issued.key().id(),
                    file);
        } catch (FileAlreadyExistsException another) {
            LOG.info("Another process is writing the first key to {}", file);
        } catch (NameTakenException another) {
            Files.deleteIfExists(file);
            LOG.info("Another node has issued the first key");
        } catch (IOException | RuntimeException failure) {
            Files.deleteIfExists(file);
            if (issued != null) {
                keys.revoke(KeyRef.of(issued.key().id()), Actor.of("bootstrap"), LOST);
            }
            throw failure;
        }
    }
}
