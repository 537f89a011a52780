package com.example.systems;

import static dev.apikeys.spring.ApiKeySecurity.apiKeys;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.apikeys.Owner;
import dev.apikeys.Scopes;
import dev.apikeys.spi.OwnerDirectory;
import dev.apikeys.spring.OrganizationResolver;
import java.security.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** People log in by a form and make keys at {@code /me/api-keys}; programs use the keys at {@code /systems}. */
@SpringBootApplication
@EnableMethodSecurity
public class SystemsApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(SystemsApplication.class, arguments);
    }

    // tag::chain[]
    @Bean
    SecurityFilterChain security(HttpSecurity http) throws Exception {
        return http.with(apiKeys(), withDefaults())
                .authorizeHttpRequests(rules -> rules.requestMatchers("/actuator/health", "/actuator/prometheus")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .formLogin(withDefaults())
                .build();
    }
    // end::chain[]

    @Bean
    PasswordEncoder passwordEncoder() {
        return PasswordEncoderFactories.createDelegatingPasswordEncoder();
    }

    @Bean
    UserDetailsService users(PasswordEncoder encoder) {
        return new InMemoryUserDetailsManager(User.withUsername("alice")
                .password(encoder.encode("correct-horse"))
                .authorities("SCOPE_read:systems", "SCOPE_manage:systems")
                .build());
    }

    // tag::owners[]
    /** A key never reaches further than its owner does at that moment. */
    @Bean
    OwnerDirectory owners(UserDetailsService users) {
        return owner -> isActive(owner, users)
                ? OwnerDirectory.State.active(Scopes.of("read:systems", "manage:systems"))
                : OwnerDirectory.State.inactive();
    }

    private static boolean isActive(Owner owner, UserDetailsService users) {
        if (owner.user() == null) {
            return "acme".equals(owner.organization());
        }
        try {
            return users.loadUserByUsername(owner.user()).isEnabled();
        } catch (UsernameNotFoundException deleted) {
            return false;
        }
    }

    @Bean
    OrganizationResolver organizations() {
        return person -> Optional.of("acme");
    }
    // end::owners[]

    // tag::controller[]
    @RestController
    static class Systems {
        private final Map<String, String> systems = new ConcurrentSkipListMap<>(Map.of("crm", "up"));

        @GetMapping("/systems")
        @PreAuthorize("hasAuthority('SCOPE_read:systems')")
        Map<String, String> list() {
            return systems;
        }

        @PutMapping("/systems/{name}")
        @PreAuthorize("hasAuthority('SCOPE_manage:systems')")
        @ResponseStatus(HttpStatus.NO_CONTENT)
        void change(@PathVariable String name, @RequestBody String state, Principal who) {
            systems.put(name, state + ", set by " + who.getName());
        }
    }
    // end::controller[]
}
