package dev.apikeys.spring;

import static dev.apikeys.spring.test.MockMvcApiKey.apiKey;
import static org.springframework.security.test.web.servlet.setup.SecurityMockMvcConfigurers.springSecurity;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.apikeys.spring.test.AutoConfigureApiKeys;
import dev.apikeys.spring.test.WithApiKey;
import dev.apikeys.testkit.TestKeys;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.junit.jupiter.web.SpringJUnitWebConfig;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/** What an application's own tests get: no database, no server. */
@SpringJUnitWebConfig
@AutoConfigureApiKeys
@TestPropertySource(properties = "apikeys.scopes=read:systems,manage:systems")
class SupportTest {
    @Autowired
    private WebApplicationContext application;

    @Autowired
    private TestKeys keys;

    private MockMvc mvc;

    @Configuration(proxyBeanMethods = false)
    @EnableWebMvc
    @EnableWebSecurity
    @EnableMethodSecurity
    @Import({Application.Security.class, Application.Systems.class})
    static class Slice {}

    @BeforeEach
    void build() {
        mvc = MockMvcBuilders.webAppContextSetup(application)
                .apply(springSecurity())
                .build();
    }

    // tag::support[]
    @Test
    @WithApiKey(scopes = "read:systems", user = "carol")
    void annotation_givesAKey() throws Exception {
        mvc.perform(get("/systems")).andExpect(status().isOk());
        mvc.perform(get("/whoami")).andExpect(content().string("ApiKeyAuthentication carol"));
        mvc.perform(get("/admin/systems"))
                .andExpect(status().isForbidden())
                .andExpect(header().string(
                        "WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"manage:everything\""));
    }

    @Test
    void requestPostProcessor_givesAKey_andDeclaredScopesCount() throws Exception {
        mvc.perform(get("/systems").with(apiKey().scopes("read:*").user("dave").organization("org_2")))
                .andExpect(status().isOk());
        mvc.perform(post("/systems").with(apiKey().scopes("manage:*"))).andExpect(status().isForbidden());
        mvc.perform(post("/systems").with(apiKey().scopes("read:*", "manage:*")))
                .andExpect(status().isCreated());
    }
    // end::support[]

    @Test
    void realKey_isVerified_withoutADatabase() throws Exception {
        mvc.perform(get("/whoami").header("X-API-Key", keys.token("read:systems")))
                .andExpect(content().string("ApiKeyAuthentication alice"));
        mvc.perform(get("/whoami").header("Authorization", "Bearer myk_nonsense"))
                .andExpect(status().isUnauthorized());
    }
}
