package dev.apikeys.gateway;

import static org.awaitility.Awaitility.await;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections to a relay that die without a word. */
@Tag("tr-skip")
class RelayConnectionTest {
    @TempDir
    private Path directory;

    /** A client keeps one connection of HTTP/2 for all its requests, until the operating system gives it up. */
    @Test
    void connectionThatDied_isReplaced_alsoIfBothSpeakHttp2() throws Exception {
        InMemoryApiKeyStore memory = new InMemoryApiKeyStore();
        try (KeyService keys = KeyService.builder(memory).build()) {
            ChangeFeedServlet servlet = ChangeFeedServlet.builder(
                            keys, memory::openChangeFeed, Callers.by(request -> true))
                    .build();
            Tomcat relay = withHttp2(servlet);
            try (Line line = Line.to(relay.getConnector().getLocalPort());
                    KeyService node = KeyService.builder(memory)
                            .lease(LeasePolicy.DEFAULT.strict())
                            .changes(RelayClient.builder(line.uri("/feed")).build())
                            .build()) {
                await().until(() -> node.stats().polls() > 3);

                line.killConnections();

                await().until(() -> node.stats().failedPolls() > 0);
                long polls = node.stats().polls();
                await().until(() -> node.stats().polls() > polls);
            } finally {
                relay.stop();
                relay.destroy();
            }
        }
    }

    private Tomcat withHttp2(ChangeFeedServlet servlet) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setSilent(true);
        tomcat.setBaseDir(directory.toString());
        tomcat.setPort(0);
        tomcat.getConnector().addUpgradeProtocol(new Http2Protocol());
        Context context = tomcat.addContext("", directory.toString());
        Wrapper mapped = Tomcat.addServlet(context, "feed", servlet);
        mapped.setAsyncSupported(true);
        mapped.addMapping("/feed/*");
        tomcat.start();
        return tomcat;
    }
}
