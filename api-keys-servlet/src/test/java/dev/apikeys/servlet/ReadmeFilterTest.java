package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.KeyService;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The set-up that the README shows. */
class ReadmeFilterTest {
    private static void setUp(ServletContext context, KeyService keys) {
        // tag::filter[]
        ApiKeyFilter filter = ApiKeyFilter.builder(keys)
                .permitAll("GET", "/health")
                .require("GET", "/systems/**", "read:systems")
                .require("*", "/systems/**", "manage:systems")
                .build(); // a request without a matching rule is denied
        FilterRegistration.Dynamic registration = context.addFilter("api-keys", filter);
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
        // end::filter[]
    }

    private static final class Systems extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter()
                    .print(request.getRemoteUser() + " " + request.getAuthType() + " "
                            + request.isUserInRole("manage:systems"));
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void readme_setUp_works(Container container) throws Exception {
        try (FilterKeys keys = new FilterKeys()) {
            ServletContainerInitializer initializer =
                    (Set<Class<?>> classes, ServletContext context) -> setUp(context, keys.service);
            try (ServletServer server = ServletServer.in(container)
                    .initializer(initializer)
                    .servlet(new Systems(), "/*")
                    .start()) {
                assertThat(Http.get(server.uri("/health")).body()).isEqualTo("null null false");
                assertThat(Http.get(server.uri("/systems/1"), "X-API-Key", keys.readerToken())
                                .body())
                        .isEqualTo("alice API_KEY false");
                assertThat(Http.call("DELETE", server.uri("/systems/1"), "", "X-API-Key", keys.writerToken())
                                .body())
                        .isEqualTo("bob API_KEY true");
                assertThat(Http.call("DELETE", server.uri("/systems/1"), "", "X-API-Key", keys.readerToken())
                                .statusCode())
                        .isEqualTo(403);
                assertThat(Http.get(server.uri("/systems/1")).statusCode()).isEqualTo(401);
            }
        }
    }
}
