/** The servlet filter that checks API keys, client addresses, and rate limits. */
@SuppressWarnings("module") // The modules named in the qualified export are compiled after this one.
module dev.apikeys.servlet {
    requires transitive dev.apikeys.core;
    requires transitive jakarta.servlet;
    requires com.github.benmanes.caffeine;
    requires org.slf4j;
    requires static io.github.bucket4j.core;

    exports dev.apikeys.servlet;
    exports dev.apikeys.servlet.internal to
            dev.apikeys.gateway,
            dev.apikeys.management,
            dev.apikeys.mcp.servlet,
            dev.apikeys.spring;
}
