package com.example.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.webresources.DirResourceSet;
import org.apache.catalina.webresources.StandardRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeysTest {
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    @Test
    void webXml_startsTheFilter() throws Exception {
        check(new File("src/main/webapp"));
    }

    @Test
    void annotations_startTheFilter() throws Exception {
        check(directory.toFile());
    }

    private void check(File webapp) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(directory.resolve("tomcat").toString());
        tomcat.setPort(0);
        tomcat.setSilent(true);
        Context context = tomcat.addWebapp("", webapp.getAbsolutePath());
        StandardRoot resources = new StandardRoot(context);
        resources.addPreResources(
                new DirResourceSet(resources, "/WEB-INF/classes", new File("target/classes").getAbsolutePath(), "/"));
        context.setResources(resources);
        context.setParentClassLoader(ApiKeysTest.class.getClassLoader());
        tomcat.start();
        try {
            KeyService keys = (KeyService) context.getServletContext().getAttribute("keys");
            IssuedKey key =
                    keys.issue(KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ));
            String url = "http://localhost:" + tomcat.getConnector().getLocalPort() + "/systems";

            assertThat(get(url, key.token().reveal()).body()).isEqualTo("alice may read");
            assertThat(get(url, "nonsense").statusCode()).isEqualTo(401);
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    private HttpResponse<String> get(String url, String token) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("X-API-Key", token)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
