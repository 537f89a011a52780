package dev.apikeys.cli;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which keys. */
final class FilterOptions {
    @Mixin
    private final OwnerOptions owner = new OwnerOptions();

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "Only keys of this kind: personal, workspace, organization.")
    @Nullable
    private KeyKind kind;

    @Option(
            names = "--search",
            paramLabel = "TEXT",
            description = "Only keys whose name or owner contains this, or whose public id begins with it.")
    @Nullable
    private String search;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "Only keys with this status: active, paused, expired, revoked.")
    private ApiKey.@Nullable Status status;

    @Option(
            names = "--unused-since",
            paramLabel = "DURATION",
            description = "Only keys that were issued longer ago than this, and not used since.")
    @Nullable
    private Duration unusedSince;

    @Option(names = "--never-used", description = "Only keys that were never used.")
    private boolean neverUsed;

    @Option(
            names = "--expiring-within",
            paramLabel = "DURATION",
            description = "Only keys that expire within this time, or did.")
    @Nullable
    private Duration expiringWithin;

    @Option(names = "--metadata", paramLabel = "NAME=VALUE", description = "Only keys with this entry of metadata.")
    @Nullable
    private String metadata;

    /** Tells whether anything narrows the list. */
    boolean isNarrow() {
        return owner.isNamed()
                || kind != null
                || search != null
                || status != null
                || unusedSince != null
                || neverUsed
                || expiringWithin != null
                || metadata != null;
    }

    KeyFilter filter(Instant now) {
        KeyFilter filter = owner.within(KeyFilter.everything());
        if (kind != null) {
            filter = filter.kind(kind);
        }
        if (search != null) {
            filter = filter.search(search);
            if (filter.search().isEmpty()) {
                // Or an empty variable of a script would mean every key.
                throw CommandException.usage("--search needs a text");
            }
        }
        if (status != null) {
            filter = filter.status(status, now);
        }
        return used(filter, now);
    }

    private KeyFilter used(KeyFilter filter, Instant now) {
        KeyFilter narrowed = filter;
        if (unusedSince != null) {
            narrowed = narrowed.unusedSince(now.minus(unusedSince));
        }
        if (neverUsed) {
            narrowed = narrowed.neverUsed();
        }
        if (expiringWithin != null) {
            narrowed = narrowed.expiringBefore(now.plus(expiringWithin));
        }
        return metadata == null ? narrowed : withEntry(narrowed, metadata);
    }

    private static KeyFilter withEntry(KeyFilter filter, String entry) {
        int split = entry.indexOf('=');
        if (split < 1) {
            throw CommandException.usage("--metadata is NAME=VALUE");
        }
        return filter.metadata(entry.substring(0, split), entry.substring(split + 1));
    }
}
