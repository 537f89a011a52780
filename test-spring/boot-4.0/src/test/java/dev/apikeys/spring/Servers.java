package dev.apikeys.spring;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The servers of this Spring Boot, by the names that they have in it. */
final class Servers {
    private Servers() {}

    @Configuration(proxyBeanMethods = false)
    static class Tomcat {
        @Bean
        org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory serverFactory() {
            return new org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Jetty {
        @Bean
        org.springframework.boot.jetty.servlet.JettyServletWebServerFactory serverFactory() {
            return new org.springframework.boot.jetty.servlet.JettyServletWebServerFactory();
        }
    }

    /** For WebFlux, whose event loop it has; the others give each request a thread that may wait. */
    @Configuration(proxyBeanMethods = false)
    static class Netty {
        @Bean
        org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory serverFactory() {
            return new org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory();
        }
    }
}
