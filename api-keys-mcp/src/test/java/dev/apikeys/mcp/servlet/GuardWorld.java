package dev.apikeys.mcp.servlet;

import dev.apikeys.Actor;
import dev.apikeys.AuditEntry;
import dev.apikeys.AuditEvent;
import dev.apikeys.AuditFilter;
import dev.apikeys.Freshness;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyOptions;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.KeyUpdate;
import dev.apikeys.Mode;
import dev.apikeys.PageRequest;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.internal.KeyRequest;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A guard in a real container, before a scripted server, and keys with policies. */
final class GuardWorld implements AutoCloseable {
    static final String ACCEPT = "application/json, text/event-stream";

    final KeyService keys = KeyService.builder(new InMemoryApiKeyStore()).build();
    final ScriptedServer mcp = new ScriptedServer();
    private final ServletServer server;
    private IssuedKey once;

    GuardWorld(Container container) throws Exception {
        this(container, guard -> {});
    }

    GuardWorld(Container container, Consumer<GuardFilter.Builder> settings) throws Exception {
        this(container, settings, null);
    }

    /** With another servlet instead of the scripted one. */
    GuardWorld(Container container, Consumer<GuardFilter.Builder> settings, HttpServlet other) throws Exception {
        ApiKeyFilter filter =
                ApiKeyFilter.builder(keys).requireKey("*", "/mcp/**").build();
        this.server = start(container, settings, filter, other == null ? mcp : other);
    }

    /** With another filter between the one that finds the key and the guard. */
    GuardWorld(Container container, Filter beforeGuard) throws Exception {
        ApiKeyFilter filter =
                ApiKeyFilter.builder(keys).requireKey("*", "/mcp/**").build();
        this.server = ServletServer.in(container)
                .filter(filter, "/*")
                .filter(beforeGuard, "/mcp")
                .filter(GuardFilter.builder(keys).build(), "/mcp")
                .servlet(mcp, "/mcp")
                .start();
    }

    private ServletServer start(
            Container container, Consumer<GuardFilter.Builder> settings, Filter filter, HttpServlet servlet)
            throws Exception {
        GuardFilter.Builder guard = GuardFilter.builder(keys);
        settings.accept(guard);
        return ServletServer.in(container)
                .filter(filter, "/*")
                .filter(stalePrincipals(), "/*")
                .filter(guard.build(), "/mcp", "/mcp/*")
                .servlet(servlet, "/mcp", "/mcp/*")
                .start();
    }

    /** Lets a request look as if the store were out of reach. */
    private static Filter stalePrincipals() {
        return (request, response, chain) -> {
            HttpServletRequest in = (HttpServletRequest) request;
            boolean stale = in.getHeader("Test-Stale") != null;
            chain.doFilter(stale ? new KeyRequest(in, stale((KeyPrincipal) in.getUserPrincipal())) : in, response);
        };
    }

    private static KeyPrincipal stale(KeyPrincipal fresh) {
        return new KeyPrincipal(
                fresh.keyId(),
                fresh.publicId(),
                fresh.kind(),
                fresh.owner(),
                fresh.keyName(),
                fresh.scopes(),
                fresh.mcp(),
                fresh.expiresAt(),
                Freshness.WITHIN_GRACE);
    }

    IssuedKey issue(McpPreset preset) {
        return issue(McpPolicy.of(preset));
    }

    IssuedKey issue(McpPolicy policy) {
        return issue("org_1", policy);
    }

    IssuedKey issue(String organization, McpPolicy policy) {
        return keys.issue(KeySpec.forOrganization(organization)
                .named("agent")
                .mode(Mode.READ)
                .with(KeyOptions.DEFAULT.with(policy)));
    }

    /** The same key each time, open to everything. */
    synchronized IssuedKey issueOnce() {
        IssuedKey issued = once;
        if (issued == null) {
            issued = issue(McpPreset.FULL);
            once = issued;
        }
        return issued;
    }

    void change(IssuedKey key, UnaryOperator<McpPolicy> change) {
        keys.update(KeyRef.of(key.key().id()), KeyUpdate.nothing().mcp(change), Actor.of("admin"));
    }

    HttpResponse<String> post(IssuedKey key, String body, String... headers) {
        return call("POST", "/mcp", key, body, headers);
    }

    /** Tells whether a message reaches the server. */
    boolean passes(IssuedKey key, String body, String... headers) {
        mcp.forget();
        post(key, body, headers);
        return !mcp.received().isEmpty();
    }

    /** Has the server open a session with this id for the key. */
    void openSession(IssuedKey key, String session) {
        mcp.answers((request, response) -> response.setHeader("Mcp-Session-Id", session));
        post(key, request(1, "initialize", "{}"));
        mcp.reset();
    }

    HttpResponse<String> call(String method, String path, IssuedKey key, String body, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Authorization", "Bearer " + key.token().reveal(), "Accept", ACCEPT));
        if (!body.isEmpty() && !all.contains("Content-Type")) {
            all.addAll(List.of("Content-Type", "application/json"));
        }
        return Http.call(method, server.uri(path), body, all.toArray(String[]::new));
    }

    int port() {
        return server.port();
    }

    ServletServer server() {
        return server;
    }

    List<AuditEntry> denials() {
        keys.flush();
        return keys.audit(AuditFilter.everything().event(AuditEvent.MCP_DENIED), PageRequest.first(100))
                .items();
    }

    static String request(int id, String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    static String call(int id, String tool) {
        return request(id, "tools/call", "{\"name\":\"" + tool + "\",\"arguments\":{}}");
    }

    /** An answer to {@code tools/list}: a name that ends in {@code ?} is a read-only tool. */
    static String toolList(int id, String... tools) {
        List<String> entries = new ArrayList<>();
        for (String tool : tools) {
            String name = tool.replace("?", "");
            entries.add("{\"name\":\"" + name + "\",\"description\":\"\u00e4\u20ac\ud83d\udd11 } ] \\\" \","
                    + "\"inputSchema\":{\"type\":\"object\"},\"annotations\":{\"readOnlyHint\":" + tool.endsWith("?")
                    + "}}");
        }
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"tools\":[" + String.join(" , ", entries) + "]}}";
    }

    @Override
    public void close() {
        server.close();
        keys.close();
    }
}
