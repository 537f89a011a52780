/** The HTTP endpoints with which people manage API keys. */
module dev.apikeys.management {
    requires transitive dev.apikeys.core;
    requires transitive dev.apikeys.servlet;
    requires com.fasterxml.jackson.databind;
    requires java.net.http;
    requires org.slf4j;

    exports dev.apikeys.management;
}
