package dev.apikeys.mcp.servlet;

import dev.apikeys.KeyService;
import dev.apikeys.Owner;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.servlet.ClientAddress;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link GuardFilter}; each has a default.
 *
 * <p>Not thread-safe.
 */
public final class GuardFilterBuilder {
    private static final int MIN_LENGTH = 1024;
    private static final int MAX_LENGTH = 256 * 1024 * 1024;

    final KeyService keys;
    ServerFacts host = new ServerFacts() {};
    ClientAddress clientAddress = ClientAddress.direct();
    String selfPath = "/mcp/self";
    int maxRequestLength = 1024 * 1024;
    int maxAnswerLength = 16 * 1024 * 1024;

    @Nullable
    Function<Owner, McpPolicy> ceiling;

    GuardFilterBuilder(KeyService keys) {
        this.keys = Objects.requireNonNull(keys, "keys");
    }

    /**
     * A policy above those of the keys, for example one for each organization: a key may do what both allow. Default: none.
     *
     * @param ofOwner asked for every request, so it must be quick; a failure denies
     */
    public GuardFilterBuilder ceiling(Function<Owner, McpPolicy> ofOwner) {
        this.ceiling = Objects.requireNonNull(ofOwner, "ceiling");
        return this;
    }

    /** Who knows which project and instance a call concerns, and which tools only read. */
    public GuardFilterBuilder host(ServerFacts knowing) {
        this.host = Objects.requireNonNull(knowing, "host");
        return this;
    }

    /** How the client's address is found, for audit; default {@code direct()}. */
    public GuardFilterBuilder clientAddress(ClientAddress address) {
        this.clientAddress = Objects.requireNonNull(address, "clientAddress");
        return this;
    }

    /**
     * Where a key may ask what it may reach; default {@code /mcp/self}. The guard must be mapped there too.
     *
     * @param path below the context, beginning with a slash
     * @throws IllegalArgumentException when it begins otherwise
     */
    public GuardFilterBuilder selfPath(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a path begins with a slash: " + path);
        }
        this.selfPath = path;
        return this;
    }

    /**
     * Longest body of a request; default 1 MiB.
     *
     * @param bytes 1 KiB to 256 MiB
     * @throws IllegalArgumentException when it is out of range
     */
    public GuardFilterBuilder maxRequestLength(int bytes) {
        this.maxRequestLength = checked(bytes);
        return this;
    }

    /**
     * Longest answer that holds lists, and longest event of a stream; what is longer isn't passed on. Default 16 MiB.
     * Other answers go as they come, whatever their length.
     *
     * @param bytes 1 KiB to 256 MiB
     * @throws IllegalArgumentException when it is out of range
     */
    public GuardFilterBuilder maxAnswerLength(int bytes) {
        this.maxAnswerLength = checked(bytes);
        return this;
    }

    /** The guard. */
    public GuardFilter build() {
        return new GuardFilter(this);
    }

    private static int checked(int bytes) {
        if (bytes < MIN_LENGTH || bytes > MAX_LENGTH) {
            throw new IllegalArgumentException("a length is 1 KiB to 256 MiB: " + bytes);
        }
        return bytes;
    }
}
