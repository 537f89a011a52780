package dev.apikeys.spring;

import static dev.apikeys.spring.ApiKeySecurity.apiKeys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Requests a second through Spring MVC: without security, with keys, with signed tokens; alternating, in one process. */
@Tag("endurance")
class ThroughputTest {
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int CONNECTIONS = 8;
    private static final int WARM_UP = 8;
    private static final int ROUNDS = 16;
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1_000);

    private final ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS);

    @RestController
    static class Hello {
        @GetMapping("/hello")
        String hello() {
            return "hello, world";
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName = {
                "org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration",
                "org.springframework.boot.autoconfigure.security.servlet.SecurityFilterAutoConfiguration",
                "org.springframework.boot.actuate.autoconfigure.security.servlet.ManagementWebSecurityAutoConfiguration",
                "org.springframework.boot.autoconfigure.security.oauth2.resource.servlet.OAuth2ResourceServerAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration",
                "org.springframework.boot.security.oauth2.server.resource.autoconfigure.servlet.OAuth2ResourceServerAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration"
            })
    static class Open {
        @Bean
        Hello hello() {
            return new Hello();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Keys {
        @Bean
        Hello hello() {
            return new Hello();
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.with(apiKeys(), withDefaults())
                    .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .build();
        }
    }

    /** Spring Security with everybody let in: what its filters cost without a credential. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class SecurityAlone {
        @Bean
        Hello hello() {
            return new Hello();
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(rules -> rules.anyRequest().permitAll())
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Jwt {
        @Bean
        Hello hello() {
            return new Hello();
        }

        @Bean
        JwtDecoder decoder() {
            return NimbusJwtDecoder.withSecretKey(new SecretKeySpec(SECRET, "HmacSHA256"))
                    .build();
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.oauth2ResourceServer(server -> server.jwt(withDefaults()))
                    .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .build();
        }
    }

    /** An application and what its clients send. */
    private record Contender(ConfigurableApplicationContext application, String request) {
        int port() {
            return Integer.parseInt(application.getEnvironment().getProperty("local.server.port"));
        }
    }

    @Test
    void keys_areNearlyAsFastAsNoSecurity_andFasterThanSignedTokens() throws Exception {
        Contender open = start(Open.class, "");
        Contender alone = start(SecurityAlone.class, "");
        ConfigurableApplicationContext withKeys = run(Keys.class);
        String token = withKeys.getBean(KeyService.class)
                .issue(KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ))
                .token()
                .reveal();
        Contender keys = new Contender(withKeys, request("Authorization: Bearer " + token + "\r\n"));
        Contender jwt = start(Jwt.class, "Authorization: Bearer " + OtherCredentialsTest.jwt("read:systems") + "\r\n");
        List<Double> ofOpen = new ArrayList<>();
        List<Double> ofSecurity = new ArrayList<>();
        List<Double> ofJwt = new ArrayList<>();
        for (int round = 0; round < WARM_UP + ROUNDS; round++) {
            double opened = measure(open);
            double secured = measure(alone);
            double keyed = measure(keys);
            double signed = measure(jwt);
            if (round >= WARM_UP) {
                ofOpen.add(keyed / opened);
                ofSecurity.add(keyed / secured);
                ofJwt.add(keyed / signed);
            }
        }
        List.of(open, alone, keys, jwt).forEach(contender -> contender.application.close());
        List<Runnable> left = clients.shutdownNow();
        assertThat(left).isEmpty();
        System.out.printf(
                "Spring Boot %s: keys / no security %.3f, keys / Spring Security alone %.3f, keys / JWT %.3f,"
                        + " medians of %d rounds%n",
                SpringBootVersion.getVersion(), median(ofOpen), median(ofSecurity), median(ofJwt), ROUNDS);
        assertThat(median(ofJwt)).isGreaterThan(1.0);
    }

    private static Contender start(Class<?> application, String header) {
        return new Contender(run(application), request(header));
    }

    private static ConfigurableApplicationContext run(Class<?> application) {
        SpringApplication spring = new SpringApplication(application, Servers.Tomcat.class);
        Map<String, Object> properties = new HashMap<>();
        properties.put("server.port", "0");
        properties.put("spring.main.banner-mode", "off");
        properties.put("spring.flyway.enabled", "false");
        properties.put("spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID());
        properties.put("server.tomcat.max-keep-alive-requests", "-1");
        // Or each of Spring Security's filters would be observed.
        properties.put(
                "spring.autoconfigure.exclude",
                "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration,"
                        + "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration");
        spring.setDefaultProperties(properties);
        return spring.run();
    }

    private static String request(String header) {
        return "GET /hello HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n";
    }

    /** Requests in one turn. */
    private double measure(Contender contender) throws Exception {
        long end = System.nanoTime() + TURN_NANOS;
        List<Future<Long>> counts = new ArrayList<>();
        for (int client = 0; client < CONNECTIONS; client++) {
            counts.add(clients.submit(() -> ask(contender, end)));
        }
        long sum = 0;
        for (Future<Long> count : counts) {
            sum += count.get();
        }
        return sum;
    }

    private static long ask(Contender contender, long end) throws IOException {
        byte[] request = contender.request.getBytes(StandardCharsets.US_ASCII);
        byte[] buffer = new byte[8_192];
        byte[] last = "hello, world".getBytes(StandardCharsets.US_ASCII);
        long count = 0;
        try (Socket socket = new Socket("localhost", contender.port())) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            while (System.nanoTime() < end) {
                socket.getOutputStream().write(request);
                int length = 0;
                do {
                    int read = in.read(buffer, length, buffer.length - length);
                    if (read < 0) {
                        throw new IOException("the server hung up");
                    }
                    length += read;
                } while (!Arrays.equals(
                        last, 0, last.length, buffer, Math.max(0, length - last.length), length));
                count++;
            }
        }
        return count;
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
