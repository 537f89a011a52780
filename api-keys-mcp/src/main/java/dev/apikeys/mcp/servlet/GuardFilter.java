package dev.apikeys.mcp.servlet;

import dev.apikeys.KeyService;
import dev.apikeys.Owner;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.servlet.Decision.Forward;
import dev.apikeys.mcp.servlet.Decision.Respond;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.servlet.Cors;
import dev.apikeys.servlet.internal.FailureLog;
import dev.apikeys.servlet.internal.UnreadBody;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before an MCP server and lets through what the key's policy allows, for the Streamable HTTP transport and the
 * one before it, in every revision of the protocol: each message of a body is decided by itself, and lists show what the
 * key could use. What is denied never reaches the server; the client gets a JSON-RPC error with the request's id. What the
 * server advertises is cut to what the key can use.
 *
 * <p>Register it behind {@link ApiKeyFilter}, which says who calls, for the server's path, for paths that it forwards to,
 * and for {@code …/self}, for all dispatcher types and with support for asynchronous requests. A request without a key's
 * principal is refused, whoever else may have sent it.
 *
 * <p>A session serves the key that opened it, and no other. Which key that was is known where it was opened: where several
 * nodes serve one MCP server, a session's requests have to reach the node on which it began.
 *
 * <p>A call that may change something is answered 503 while nobody can confirm that the key is still good. The policy is
 * the one of the moment at which a request begins; a stream that is open already goes on.
 *
 * <p>Thread-safe; one instance serves one MCP server, whose tools it remembers as they are listed.
 */
public final class GuardFilter implements Filter {
    private static final Logger LOG = LoggerFactory.getLogger(GuardFilter.class);

    private final String forwardedAttribute = GuardFilter.class.getName() + "@" + System.identityHashCode(this);
    private final RequestDecider decider;
    private final UnreadBody unread;
    private final int maxAnswerLength;
    private final @Nullable Cors cors;

    private GuardFilter(Builder settings) {
        this.cors = settings.cors;
        this.decider = new RequestDecider(settings);
        this.unread = new UnreadBody(settings.maxLengths.request());
        this.maxAnswerLength = settings.maxLengths.answer();
    }

    /**
     * Starts a guard whose audit is this service's.
     *
     * @param keys the service; the host closes it
     */
    public static Builder builder(KeyService keys) {
        return new Builder(keys);
    }

    /** What was let through, for the later dispatches of the request. */
    private record Forwarded(ForwardedRequest request, GuardedResponse response) {
        boolean isWrappedBy(HttpServletRequest in) {
            return in == request || (in instanceof ServletRequestWrapper wrapper && wrapper.isWrapperFor(request));
        }

        /** Has the server answer; what it throws reaches the log, and the client a JSON-RPC error. */
        void to(FilterChain chain, ServletRequest in, ServletResponse out) throws IOException, ServletException {
            try {
                chain.doFilter(in, out);
            } catch (Throwable failure) {
                if (!response.failed(failure)) {
                    throw failure;
                }
                LOG.error("the MCP server failed: {}", FailureLog.line(failure));
                return;
            }
            response.finish();
        }
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(response, "response");
        Objects.requireNonNull(chain, "chain");
        if (!(request instanceof HttpServletRequest in) || !(response instanceof HttpServletResponse out)) {
            throw new ServletException("the MCP guard serves HTTP only");
        }
        if (in.getAttribute(forwardedAttribute) instanceof Forwarded forwarded
                && (in.getDispatcherType() != DispatcherType.REQUEST || forwarded.isWrappedBy(in))) {
            forwardAgain(forwarded, in, out, chain);
            return;
        }
        if (cors != null && cors.answer(in, out)) {
            return;
        }
        Decision decision = decider.decide(in);
        if (decision instanceof Respond respond) {
            unread.answer(in, out, respond.answer());
        } else if (decision instanceof Forward forward) {
            ResponseBody body = new ResponseBody(forward.policy(), forward.expected(), maxAnswerLength);
            GuardedResponse guarded = new GuardedResponse(out, forward.policy(), body);
            Forwarded forwarded = new Forwarded(new ForwardedRequest(in, forward, guarded), guarded);
            in.setAttribute(forwardedAttribute, forwarded);
            forwarded.to(chain, forwarded.request, forwarded.response);
        }
    }

    /**
     * What was let through comes again, by another dispatch or because the guard is mapped twice: nothing new is decided,
     * and its answer is still filtered.
     */
    private static void forwardAgain(
            Forwarded forwarded, HttpServletRequest in, HttpServletResponse out, FilterChain chain)
            throws IOException, ServletException {
        if (in.getDispatcherType() != DispatcherType.ASYNC) {
            chain.doFilter(in, out);
            if (in.getDispatcherType() == DispatcherType.FORWARD && out == forwarded.response) {
                // The container ends the answer now, and Tomcat takes nothing more of it.
                forwarded.response.finish();
            }
            return;
        }
        forwarded.response.dispatchedAgain();
        boolean wrapped = forwarded.isWrappedBy(in);
        forwarded.to(chain, wrapped ? in : forwarded.request.on(in), wrapped ? out : forwarded.response);
    }

    /**
     * The settings of a guard; each has a default.
     *
     * <p>Not thread-safe.
     */
    public static final class Builder {
        /** The longest bodies, in bytes. */
        record MaxLengths(int request, int answer) {}

        private static final int MIN_LENGTH = 1024;
        private static final int MAX_LENGTH = 256 * 1024 * 1024;

        final KeyService keys;
        CallClassifier classifier = new CallClassifier() {};
        ClientAddress clientAddress = ClientAddress.direct();
        String selfPath = "/mcp/self";
        MaxLengths maxLengths = new MaxLengths(1024 * 1024, 16 * 1024 * 1024);

        @Nullable
        Cors cors;

        @Nullable
        URI resourceMetadata;

        @Nullable
        Function<Owner, McpPolicy> ceiling;

        private Builder(KeyService keys) {
            this.keys = Objects.requireNonNull(keys, "keys");
        }

        /**
         * A policy above those of the keys, for example one for each organization: a key may do what both allow. Default:
         * none.
         *
         * @param ceiling asked for every request, so it must be quick; a failure denies
         */
        public Builder ceiling(Function<Owner, McpPolicy> ceiling) {
            this.ceiling = Objects.requireNonNull(ceiling, "ceiling");
            return this;
        }

        /** Who knows which project and instance a call concerns, and which tools only read. */
        public Builder classifier(CallClassifier classifier) {
            this.classifier = Objects.requireNonNull(classifier, "classifier");
            return this;
        }

        /**
         * Where clients find the authorization server of this MCP server (RFC 9728). With it, a call that lacks a
         * permission is answered 403 with {@code insufficient_scope}, so that a client can ask for more scope. Default:
         * none; every denial is then a JSON-RPC error with status 200, which clients show to their users.
         */
        public Builder resourceMetadata(URI resourceMetadata) {
            this.resourceMetadata = Objects.requireNonNull(resourceMetadata, "resourceMetadata");
            return this;
        }

        /**
         * Pages of other origins that may call the MCP server by script. Preflights are answered before anybody is asked for
         * a key, so the filter in front must let them through, or have this setting itself. Scripts may read
         * {@code Mcp-Session-Id}.
         */
        public Builder cors(Cors cors) {
            this.cors = Objects.requireNonNull(cors, "cors").exposing("Mcp-Session-Id");
            return this;
        }

        /** How the client's address is found, for audit; default {@code direct()}. */
        public Builder clientAddress(ClientAddress clientAddress) {
            this.clientAddress = Objects.requireNonNull(clientAddress, "clientAddress");
            return this;
        }

        /**
         * Where a key may ask what it may reach; default {@code /mcp/self}. The guard must be mapped there too.
         *
         * @param path below the context, beginning with a slash
         * @throws IllegalArgumentException when it begins otherwise
         */
        public Builder selfPath(String path) {
            Objects.requireNonNull(path, "path");
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
        public Builder maxRequestLength(int bytes) {
            this.maxLengths = new MaxLengths(checked(bytes), maxLengths.answer());
            return this;
        }

        /**
         * Longest answer that holds lists, and longest event of a stream; what is longer isn't passed on. Default 16 MiB.
         * Other answers go as they come, whatever their length.
         *
         * @param bytes 1 KiB to 256 MiB
         * @throws IllegalArgumentException when it is out of range
         */
        public Builder maxAnswerLength(int bytes) {
            this.maxLengths = new MaxLengths(maxLengths.request(), checked(bytes));
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
}
