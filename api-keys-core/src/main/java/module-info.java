/** Issues, verifies and revokes API keys; knows no HTTP, no JSON and no SQL. */
module dev.apikeys.core {
    requires static transitive org.jspecify;
    requires com.github.benmanes.caffeine;
    requires org.slf4j;

    exports dev.apikeys;
    exports dev.apikeys.mcp;
    exports dev.apikeys.spi;
}
