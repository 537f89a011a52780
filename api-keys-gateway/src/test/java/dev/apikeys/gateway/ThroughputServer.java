package dev.apikeys.gateway;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Introspection and two servlets with a constant answer of the same length in one server, in a process of its own. */
final class ThroughputServer {
    private ThroughputServer() {}

    /** Prints its port, the token of a caller and one to ask about. */
    public static void main(String[] arguments) throws Exception {
        KeyService keys = KeyService.builder(new InMemoryApiKeyStore()).build();
        String caller = issue(keys, Verifying.SCOPE);
        String token = issue(keys, "read:systems");
        ServletContextHandler context = new ServletContextHandler();
        VerificationServlet servlet = VerificationServlet.builder(keys)
                .introspection(Callers.withScope(Verifying.SCOPE))
                .build();
        byte[] answer = new IntrospectionAnswer(new IssueTimes(keys))
                .active(keys.verify(token).orElseThrow());
        context.addServlet(new ServletHolder(servlet), "/keys/*");
        Callers.Check callers = Callers.withScope(Verifying.SCOPE).check(keys);
        context.addServlet(new ServletHolder(new Constant(answer, callers)), "/same");
        context.addServlet(new ServletHolder(new Constant(answer, (request, response) -> true)), "/bare");
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.setHandler(context);
        server.start();
        System.out.println(((ServerConnector) server.getConnectors()[0]).getLocalPort());
        System.out.println(caller);
        System.out.println(token);
        server.join();
    }

    private static String issue(KeyService keys, String scope) {
        return keys.issue(KeySpec.forUser("alice", "org_1").named(scope).scopes(scope))
                .token()
                .reveal();
    }

    /** Authenticates the caller, reads the form, and answers the same bytes with the same headers. */
    private static final class Constant extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient byte[] answer;
        private final transient Callers.Check callers;

        Constant(byte[] answer, Callers.Check callers) {
            this.answer = answer;
            this.callers = callers;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (!callers.admits(request, response) || TokenForm.read(request).token() == null) {
                throw new IllegalStateException("the load is not what it should be");
            }
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("X-Content-Type-Options", "nosniff");
            response.setContentType("application/json");
            response.setContentLength(answer.length);
            response.getOutputStream().write(answer);
        }
    }
}
