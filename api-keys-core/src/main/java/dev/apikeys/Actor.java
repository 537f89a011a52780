package dev.apikeys;

import java.util.Objects;

/**
 * Who makes a change. Take it from the host's authenticated session, never from a request body.
 *
 * <p>Immutable and thread-safe.
 *
 * @param id the host's id of the person or program, 1 to 255 characters
 * @param request where the call came from
 */
public record Actor(String id, ClientRequest request) {
    /**
     * Checks the id.
     *
     * @throws IllegalArgumentException when the id is blank, too long or holds a control character
     */
    public Actor {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(id, "id");
        if (Text.isBlank(id) || id.length() > Owner.MAX_ID_LENGTH || !Text.isSingleLine(id)) {
            throw new IllegalArgumentException(
                    "an actor's id has 1 to " + Owner.MAX_ID_LENGTH + " characters and no control character");
        }
    }

    /** An actor inside the host. */
    public static Actor of(String id) {
        return new Actor(id, ClientRequest.NONE);
    }
}
