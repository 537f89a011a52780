package dev.apikeys;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a call came from, for audit, {@link ApiKey#lastUse()} and address limits. Everything in it was sent by a stranger:
 * the constructor cuts it to length and replaces what could break a line.
 *
 * <p>Immutable and thread-safe.
 *
 * @param address the client's IP address as text, or null if it is unknown
 * @param method the HTTP method, or null outside HTTP
 * @param path the path without query, or null outside HTTP
 */
public record ClientRequest(
        @Nullable String address,
        @Nullable String method,
        @Nullable String path) {
    /** A call that came from inside the host. */
    public static final ClientRequest NONE = new ClientRequest(null, null, null);

    private static final int MAX_ADDRESS = 45;
    private static final int MAX_METHOD = 16;
    private static final int MAX_PATH = 512;

    /** Cuts the parts to 45, 16 and 512 characters and replaces control characters by U+FFFD. */
    public ClientRequest {
        address = address == null ? null : Text.printable(address, MAX_ADDRESS);
        method = method == null ? null : Text.printable(method, MAX_METHOD);
        path = path == null ? null : Text.printable(path, MAX_PATH);
    }

    /** A call of which only the address is known. */
    public static ClientRequest from(String address) {
        Objects.requireNonNull(address, "address");
        return new ClientRequest(address, null, null);
    }
}
