package dev.apikeys.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testkit.TestKeys;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers with a client certificate, in a Jetty that trusts one certificate and asks for it. */
class MutualTlsTest {
    private static final String PASSWORD = "password of a test";
    private static final String CERTIFICATE = "certificate";

    @TempDir
    private Path directory;

    @Test
    void caller_withACertificateThatTheContainerTrusts_mayAsk() throws Exception {
        KeyStore own = newKey("server");
        KeyStore trusted = newKey("client");
        try (TestKeys service = new TestKeys()) {
            VerificationServlet servlet = VerificationServlet.builder(service.keys())
                    .introspection(Callers.withCertificate())
                    .build();
            String token = service.issue().token().reveal();
            Server server = start(servlet, own, only(trusted));
            try {
                assertThat(introspect(server, token, context(trusted, own)).body())
                        .startsWith("{\"active\":true");

                HttpResponse<String> withoutCertificate = introspect(server, token, context(empty(), own));
                assertThat(withoutCertificate.statusCode()).isEqualTo(403);
                assertThat(withoutCertificate.body()).doesNotContain("active");
            } finally {
                server.stop();
            }
        }
    }

    private static Server start(VerificationServlet servlet, KeyStore own, KeyStore trusted) throws Exception {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(own);
        tls.setKeyStorePassword(PASSWORD);
        tls.setTrustStore(trusted);
        tls.setWantClientAuth(true);
        HttpConfiguration https = new HttpConfiguration();
        https.addCustomizer(new SecureRequestCustomizer(false));
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server, tls, new HttpConnectionFactory(https));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(servlet), "/keys/*");
        server.setHandler(context);
        server.start();
        return server;
    }

    private static HttpResponse<String> introspect(Server server, String token, SSLContext tls) throws Exception {
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/keys/introspect"))
                .header("Content-Type", Verifying.FORM)
                .POST(HttpRequest.BodyPublishers.ofString("token=" + token))
                .build();
        return HttpClient.newBuilder().sslContext(tls).build().send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** What a client shows, and which server it believes. */
    private static SSLContext context(KeyStore own, KeyStore server) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(only(server));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    /** A key with a certificate that it signed itself, made by the JDK's own tool. */
    private KeyStore newKey(String name) throws Exception {
        Path file = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        CERTIFICATE,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    /** The certificate alone. */
    private static KeyStore only(KeyStore key) throws Exception {
        KeyStore store = empty();
        store.setCertificateEntry(CERTIFICATE, key.getCertificate(CERTIFICATE));
        return store;
    }

    private static KeyStore empty() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
