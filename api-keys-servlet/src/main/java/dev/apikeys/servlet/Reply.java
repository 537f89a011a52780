package dev.apikeys.servlet;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * An answer before it is written.
 *
 * @param body null for an answer without one
 */
record Reply(int status, @Nullable JsonNode body) {
    /** Done, and nothing to say. */
    static final Reply NO_CONTENT = new Reply(204, null);
}
