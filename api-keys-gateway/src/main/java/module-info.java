/** Endpoints with which gateways and services in other languages ask about API keys. */
module dev.apikeys.gateway {
    requires transitive dev.apikeys.core;
    requires transitive dev.apikeys.servlet;
    requires transitive java.net.http;
    requires com.fasterxml.jackson.core;
    requires com.github.benmanes.caffeine;
    requires org.slf4j;

    exports dev.apikeys.gateway;
}
