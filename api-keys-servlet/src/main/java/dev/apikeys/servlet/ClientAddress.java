package dev.apikeys.servlet;

import dev.apikeys.ClientRequest;
import dev.apikeys.IpRange;
import dev.apikeys.servlet.internal.RequestPath;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the address of the client: the address of the connection, or, behind proxies that the host names, the address
 * that these proxies report. Values that the client itself writes into {@code X-Forwarded-For} are never used.
 *
 * <p>Immutable and thread-safe.
 */
public final class ClientAddress {
    /** The result of {@link #of} if the container knows no address, for example with a Unix socket. */
    public static final String UNKNOWN = "unknown";

    private static final List<IpRange> EVERYWHERE = List.of(IpRange.parse("0.0.0.0/0"), IpRange.parse("::/0"));
    private static final String FORWARDED = "Forwarded";
    private static final List<String> EITHER = List.of("X-Forwarded-For", FORWARDED);
    private static final ClientAddress DIRECT = new ClientAddress(List.of(), EITHER);

    private final List<IpRange> proxies;
    private final List<String> headers;

    /** With the headers that are read; the first that is there counts. */
    private ClientAddress(List<IpRange> proxies, List<String> headers) {
        this.proxies = proxies;
        this.headers = headers;
    }

    /** The address of the connection. Headers aren't read. */
    public static ClientAddress direct() {
        return DIRECT;
    }

    /**
     * If the connection comes from one of these proxies, the last address in {@code X-Forwarded-For} that isn't one of
     * them; in {@code Forwarded} (RFC 7239) if there is no {@code X-Forwarded-For}; otherwise the address of the
     * connection. Each proxy must add the address of its own client to the end of the header, as proxies usually do.
     *
     * <p>A proxy that writes {@code Forwarded} usually passes on the {@code X-Forwarded-For} that a client made up: then
     * call {@link #forwardedOnly()}, or let the proxy remove that header.
     *
     * @param cidrs addresses and blocks, as {@link IpRange#parse} reads them, at least one
     * @throws IllegalArgumentException when there is none, or one is neither address nor block
     */
    public static ClientAddress behindProxies(String... cidrs) {
        Objects.requireNonNull(cidrs, "cidrs");
        if (cidrs.length == 0) {
            throw new IllegalArgumentException("name the addresses of the proxies");
        }
        return new ClientAddress(Arrays.stream(cidrs).map(IpRange::parse).toList(), EITHER);
    }

    /** The same proxies, which all write {@code Forwarded}; {@code X-Forwarded-For} isn't read. */
    public ClientAddress forwardedOnly() {
        return new ClientAddress(proxies, List.of(FORWARDED));
    }

    /** The client's address as a literal without port or brackets, or {@link #UNKNOWN}. */
    public String of(HttpServletRequest request) {
        Objects.requireNonNull(request, "request");
        return of(request.getRemoteAddr(), name -> lines(request, name));
    }

    /**
     * The same for a server without servlets.
     *
     * @param remote the address from which the connection came, or null when it is unknown
     * @param lines all lines of the header with this name, in whatever case; asked for proxies alone
     */
    public String of(@Nullable String remote, Function<String, List<String>> lines) {
        Objects.requireNonNull(lines, "lines");
        String peer = plain(remote);
        if (!isProxy(peer)) {
            return peer;
        }
        List<String> hops = hops(peer, lines);
        String last = hops.get(hops.size() - 1);
        return last.equals(UNKNOWN) ? hops.get(hops.size() - 2) : last;
    }

    /**
     * The client's address if a proxy reports it. Unlike {@link #of}, this never gives the address of the connection: empty
     * if the connection comes from no proxy, or if the proxies report no address or hide it, as in {@code for=unknown}.
     */
    public Optional<String> reported(HttpServletRequest request) {
        Objects.requireNonNull(request, "request");
        String peer = plain(request.getRemoteAddr());
        if (!isProxy(peer)) {
            return Optional.empty();
        }
        List<String> hops = hops(peer, name -> lines(request, name));
        String last = hops.get(hops.size() - 1);
        return hops.size() == 1 || last.equals(UNKNOWN) ? Optional.empty() : Optional.of(last);
    }

    private static List<String> lines(HttpServletRequest request, String header) {
        Enumeration<String> lines = request.getHeaders(header);
        return lines == null ? List.of() : Collections.list(lines);
    }

    /** Address, method and path of a request, for the audit trail. */
    public ClientRequest request(HttpServletRequest request) {
        Objects.requireNonNull(request, "request");
        return new ClientRequest(of(request), request.getMethod(), RequestPath.of(request));
    }

    /**
     * The connection's address, and what the proxies report before it, the nearest first: up to the first address that is
     * not one of them, or to {@link #UNKNOWN} for text that is not an address.
     */
    private List<String> hops(String peer, Function<String, List<String>> lines) {
        List<String> hops = new ArrayList<>();
        hops.add(peer);
        for (String element : elements(lines)) {
            String address = withoutPort(element);
            hops.add(address == null ? UNKNOWN : address);
            if (address == null || !isProxy(address)) {
                break;
            }
        }
        return hops;
    }

    /** The elements of the first header that is there. */
    private List<String> elements(Function<String, List<String>> lines) {
        for (String header : headers) {
            List<String> sent = lines.apply(header);
            if (!sent.isEmpty()) {
                return header.equals(FORWARDED) ? ForwardedFor.ofForwarded(sent) : ForwardedFor.ofXForwardedFor(sent);
            }
        }
        return List.of();
    }

    private boolean isProxy(String address) {
        return contains(proxies, address);
    }

    private static boolean contains(List<IpRange> ranges, String address) {
        for (IpRange range : ranges) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** The address in {@code a.b.c.d}, {@code a.b.c.d:port}, {@code v6}, {@code [v6]} or {@code [v6]:port}, or null. */
    private static @Nullable String withoutPort(String element) {
        String address = element;
        String port = "";
        int bracket = element.indexOf(']');
        int colon = element.indexOf(':');
        if (element.startsWith("[") && colon > 0 && colon < bracket) {
            address = element.substring(1, bracket);
            port = element.substring(bracket + 1);
        } else if (colon >= 0 && colon == element.lastIndexOf(':')) {
            address = element.substring(0, colon);
            port = element.substring(colon);
        }
        return isPort(port) && contains(EVERYWHERE, address) ? address : null;
    }

    /** Nothing, or a colon and digits. */
    private static boolean isPort(String text) {
        if (text.isEmpty()) {
            return true;
        }
        boolean digits = text.length() > 1 && text.length() <= 6 && text.charAt(0) == ':';
        for (int i = 1; i < text.length() && digits; i++) {
            digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        return digits;
    }

    /** Some containers put brackets around an IPv6 address, or add a zone to it. */
    private static String plain(@Nullable String remote) {
        if (remote == null || remote.isEmpty()) {
            return UNKNOWN;
        }
        if (remote.indexOf(':') < 0) {
            return remote;
        }
        int start = remote.charAt(0) == '[' ? 1 : 0;
        int zone = remote.indexOf('%');
        int end = zone < 0 ? remote.length() - start : zone;
        return remote.substring(start, end);
    }
}
