/** The guard in front of an MCP server. */
module dev.apikeys.mcp.servlet {
    requires transitive dev.apikeys.core;
    requires transitive dev.apikeys.servlet;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires org.slf4j;

    exports dev.apikeys.mcp.servlet;
}
