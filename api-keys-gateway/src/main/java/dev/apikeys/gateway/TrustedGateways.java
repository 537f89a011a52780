package dev.apikeys.gateway;

import dev.apikeys.ClientRequest;
import dev.apikeys.IpRange;
import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.servlet.internal.RequestPath;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gateways that the host names, and what they tell about clients. Nobody else is believed.
 *
 * <p>Immutable and thread-safe.
 */
final class TrustedGateways {
    static final TrustedGateways NONE = new TrustedGateways(List.of(), ClientAddress.direct());

    private static final List<String> FORWARDED = List.of("X-Forwarded-For", "Forwarded");

    private final List<IpRange> ranges;
    private final ClientAddress address;

    private TrustedGateways(List<IpRange> ranges, ClientAddress address) {
        this.ranges = ranges;
        this.address = address;
    }

    /**
     * These addresses and blocks.
     *
     * @throws IllegalArgumentException when there is none, or one is neither address nor block
     */
    static TrustedGateways at(String... cidrs) {
        return new TrustedGateways(
                Arrays.stream(cidrs).map(IpRange::parse).toList(), ClientAddress.behindProxies(cidrs));
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** Tells whether the connection comes from a gateway. */
    boolean sent(HttpServletRequest request) {
        String peer = ClientAddress.direct().of(request);
        return ranges.stream().anyMatch(range -> range.contains(peer));
    }

    /**
     * The request of a client that a service asks about: with its address if a gateway tells one. The address of the service
     * is not that of the client, so otherwise there is none, and keys with limited addresses are inactive.
     */
    ClientRequest askedAbout(HttpServletRequest request) {
        return request(request, address.reported(request).orElse(null));
    }

    /** What an answer depends on besides these headers: the address that a gateway tells. */
    String addTo(String vary) {
        return isEmpty() ? vary : vary + ", " + String.join(", ", FORWARDED);
    }

    /** The request of a client that asks itself, or by a gateway. */
    ClientRequest asking(HttpServletRequest request) {
        return request(request, address.of(request));
    }

    private static ClientRequest request(HttpServletRequest request, @Nullable String address) {
        return new ClientRequest(address, request.getMethod(), RequestPath.of(request));
    }
}
