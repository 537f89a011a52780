package dev.apikeys.spring;

import dev.apikeys.management.CsrfTokens;
import dev.apikeys.management.ManagementServlet;
import dev.apikeys.management.ToolCatalogue;
import dev.apikeys.servlet.ClientAddress;

/**
 * What the application decides for the endpoints of every family.
 *
 * @param address where callers are
 * @param csrf the tokens of the application's protection against cross-site requests
 * @param tools the tools that agents can call
 */
record MountParts(ClientAddress address, CsrfTokens csrf, ToolCatalogue tools) {
    ManagementServlet.Builder addTo(ManagementServlet.Builder builder) {
        return builder.clientAddress(address).csrf(csrf).tools(tools);
    }
}
