package com.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.apikeys.Actor;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.gateway.Gateway;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service of the guide, in another language, behind nginx. */
class PythonServiceTest {
    @TempDir
    Path folder;

    @Test
    void service_knowsWhoseKeyItIs_untilTheKeyIsRevoked() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "python3 is not installed");
        int port = RunningGateway.freePort();
        Path program = folder.resolve("systems.py");
        Files.writeString(program, Files.readString(Path.of("systems.py")).replace("8070", String.valueOf(port)));
        Process service = new ProcessBuilder("/usr/bin/python3", program.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile())
                .start();
        try (KeyService keys = KeyService.builder(new InMemoryApiKeyStore())
                        .lease(VerificationServer.lease())
                        .build();
                ServletServer verification = ServletServer.in(Container.JETTY)
                        .servlet(VerificationServer.servlet(keys, Gateway.NGINX), "/keys/*")
                        .start();
                RunningGateway nginx = RunningGateway.start(Product.NGINX, verification.port(), port)) {
            Awaitility.await().atMost(20, TimeUnit.SECONDS).ignoreExceptions().until(() -> isOpen(port));
            IssuedKey key =
                    keys.issue(KeySpec.forUser("Zoë", "org_1").named("CRM").scopes("read:systems"));
            String header = "X-API-Key: " + key.token().reveal();

            assertThat(RawHttp.get(nginx.port(), "/health").body()).isEqualTo("up\n");
            // RawHttp reads each byte as a character.
            assertThat(RawHttp.get(nginx.port(), "/systems", header).body()).isEqualTo("systems of Zo\u00c3\u00ab\n");
            assertThat(RawHttp.get(nginx.port(), "/systems").status()).isEqualTo(401);
            keys.revoke(KeyRef.of(key.key().id()), Actor.of("admin"), "test");
            Awaitility.await()
                    .atMost(VerificationServer.lease().trust().multipliedBy(2))
                    .until(() -> RawHttp.get(nginx.port(), "/systems", header).status() == 401);
        } finally {
            service.destroy();
        }
    }

    private static boolean isOpen(int port) throws Exception {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return true;
    }
}
