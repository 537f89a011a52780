package dev.apikeys.spring;

import dev.apikeys.ClientRequest;
import dev.apikeys.TokenFormat;
import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.servlet.CredentialPlaces;
import dev.apikeys.servlet.internal.Credentials;
import dev.apikeys.servlet.internal.Problem;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.authentication.ServerAuthenticationConverter;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Finds the key in a request of WebFlux, by the same rules as in a servlet container.
 *
 * <p>Immutable and thread-safe.
 */
final class PresentedKeyConverter implements ServerAuthenticationConverter {
    private final TokenFormat format;
    private final ClientAddress address;
    private final CredentialPlaces places;

    PresentedKeyConverter(TokenFormat format, ClientAddress address, CredentialPlaces places) {
        this.format = format;
        this.address = address;
        this.places = places;
    }

    /**
     * Tells whether a request has a credential in a header that is meant for this library, or several. No browser can be
     * made to send one, whereas any page can make it open an address with a key.
     */
    boolean findsInHeader(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        Credentials credentials = credentials(request);
        boolean isPresented = credentials instanceof Credentials.One || credentials instanceof Credentials.Several;
        return isPresented && !Credentials.isInQuery(request.getURI().getRawQuery(), places);
    }

    @Override
    public Mono<Authentication> convert(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        Credentials credentials = credentials(request);
        if (credentials instanceof Credentials.Several) {
            return Mono.error(new KeyRefusedException(Problem.SEVERAL_CREDENTIALS));
        }
        return credentials instanceof Credentials.One one
                ? Mono.just(new PresentedKey(one.token(), from(request)))
                : Mono.empty();
    }

    private Credentials credentials(ServerHttpRequest request) {
        return Credentials.of(header -> lines(request, header), request.getURI().getRawQuery(), format, places);
    }

    private ClientRequest from(ServerHttpRequest request) {
        return new ClientRequest(
                address.of(remote(request.getRemoteAddress()), header -> lines(request, header)),
                request.getMethod().name(),
                request.getPath().pathWithinApplication().value());
    }

    /** By the one way to all lines of a header that Spring 6 and 7 have in common. */
    private static List<String> lines(ServerHttpRequest request, String header) {
        List<String> lines = new ArrayList<>(1);
        request.getHeaders().forEach((name, values) -> {
            if (name.equalsIgnoreCase(header)) {
                lines.addAll(values);
            }
        });
        return lines;
    }

    /** What Spring reads from the headers of a proxy is a text that it doesn't resolve. */
    private static @Nullable String remote(@Nullable InetSocketAddress peer) {
        if (peer == null) {
            return null;
        }
        return peer.getAddress() == null
                ? peer.getHostString()
                : peer.getAddress().getHostAddress();
    }
}
