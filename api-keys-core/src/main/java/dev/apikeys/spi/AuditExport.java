package dev.apikeys.spi;

import dev.apikeys.AuditEntry;
import java.util.List;

/**
 * Is given audit entries before they are removed, by one node at a time. If it throws, they stay. A batch may be given
 * twice when a node ended, or lost its store, before it could remove it.
 */
@FunctionalInterface
public interface AuditExport {
    /** Takes nothing: entries are removed without being read. */
    AuditExport NONE = entries -> {};

    /** Takes the entries, oldest first. When it returns, they are removed from the store. */
    void export(List<AuditEntry> entries);
}
