package dev.apikeys.spi;

/**
 * What one step of maintenance removed.
 *
 * <p>Immutable and thread-safe.
 *
 * @param keys keys that had ended long ago
 * @param changes change rows that no node needs any more
 */
public record MaintenanceReport(int keys, int changes) {}
