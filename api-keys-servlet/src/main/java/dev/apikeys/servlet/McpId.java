package dev.apikeys.servlet;

/**
 * The id of a JSON-RPC request: text, or a whole number as it was written.
 *
 * @param isText whether it was sent as a string
 */
record McpId(String text, boolean isText) {
    /** {@code null}: for answers to what has no readable id. */
    static final McpId NONE = new McpId("null", false);
}
