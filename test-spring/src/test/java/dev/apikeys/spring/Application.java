package dev.apikeys.spring;

import static dev.apikeys.spring.ApiKeySecurity.apiKeys;
import static dev.apikeys.spring.ApiKeySecurity.hasScope;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.apikeys.KeyPrincipal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.session.web.http.SessionRepositoryFilter;
import jakarta.servlet.DispatcherType;
import org.springframework.session.jdbc.config.annotation.web.http.EnableJdbcHttpSession;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** An application with people, who log in by a form, with sessions in its database, and with keys. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableMethodSecurity
@EnableJdbcHttpSession
@Import({Application.Security.class, Application.Systems.class})
class Application {
    @Bean
    PasswordEncoder passwordEncoder() {
        return PasswordEncoderFactories.createDelegatingPasswordEncoder();
    }

    @Bean
    UserDetailsService users(PasswordEncoder encoder) {
        return new InMemoryUserDetailsManager(
                User.withUsername("alice")
                        .password(encoder.encode("correct horse"))
                        .roles("USER")
                        .build(),
                User.withUsername("root")
                        .password(encoder.encode("correct horse"))
                        .roles("ADMIN")
                        .build());
    }

    /** As Spring Boot registers it. */
    @Bean
    FilterRegistrationBean<SessionRepositoryFilter<?>> sessions(SessionRepositoryFilter<?> filter) {
        FilterRegistrationBean<SessionRepositoryFilter<?>> registration = new FilterRegistrationBean<>(filter);
        registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
        registration.setOrder(SessionRepositoryFilter.DEFAULT_ORDER);
        return registration;
    }

    @Configuration(proxyBeanMethods = false)
    static class Security {
        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.with(apiKeys(), withDefaults())
                    .authorizeHttpRequests(rules -> rules.requestMatchers("/systems/**")
                            .access(hasScope("read:systems"))
                            .requestMatchers("/admin/**")
                            .access(hasScope("manage:everything"))
                            .anyRequest()
                            .authenticated())
                    .formLogin(withDefaults())
                    .build();
        }
    }

    @RestController
    static class Systems {
        @GetMapping("/systems")
        Map<String, String> list(@AuthenticationPrincipal KeyPrincipal key) {
            return key == null ? Map.of() : Map.of("owner", key.getName(), "key", key.keyName());
        }

        @PostMapping("/systems")
        @PreAuthorize("hasAuthority('SCOPE_manage:systems')")
        @ResponseStatus(HttpStatus.CREATED)
        String create() {
            return "created";
        }

        @GetMapping("/admin/systems")
        String all() {
            return "all";
        }

        @GetMapping("/whoami")
        String whoami(Authentication authentication) {
            return authentication.getClass().getSimpleName() + " " + authentication.getName();
        }

        @GetMapping("/principal")
        KeyPrincipal principal(@AuthenticationPrincipal KeyPrincipal key) {
            return key;
        }

        @GetMapping("/async")
        Callable<String> async() {
            return Systems::current;
        }

        @GetMapping("/stream")
        StreamingResponseBody stream() {
            String who = current();
            return out -> {
                for (int line = 0; line < 1_000; line++) {
                    out.write((who + "\n").getBytes(StandardCharsets.UTF_8));
                }
            };
        }

        @GetMapping("/fail")
        String fail() {
            throw new IllegalStateException("on purpose");
        }

        private static String current() {
            return SecurityContextHolder.getContext().getAuthentication().getName();
        }
    }
}
