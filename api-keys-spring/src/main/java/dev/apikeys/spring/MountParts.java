package dev.apikeys.spring;

import dev.apikeys.management.CsrfTokens;
import dev.apikeys.management.ManagementServlet;
import dev.apikeys.management.ToolCatalogue;
import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.spi.StepUp;
import org.jspecify.annotations.Nullable;

/**
 * What the application decides for the endpoints of every family.
 *
 * @param address where callers are
 * @param csrf the tokens of the application's protection against cross-site requests
 * @param tools the tools that agents can call
 * @param stepUp the proof that keys of workspaces and tenants need; null if the session is enough
 */
record MountParts(
        ClientAddress address,
        CsrfTokens csrf,
        ToolCatalogue tools,
        @Nullable StepUp stepUp) {
    ManagementServlet.Builder addTo(ManagementServlet.Builder builder) {
        if (stepUp != null) {
            builder.stepUp(stepUp);
        }
        return builder.clientAddress(address).csrf(csrf).tools(tools);
    }
}
