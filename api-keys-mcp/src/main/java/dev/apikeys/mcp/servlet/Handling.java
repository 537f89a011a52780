package dev.apikeys.mcp.servlet;

import dev.apikeys.servlet.internal.UnreadBody;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What becomes of a request: an answer without the server, or the server's. */
sealed interface Handling {
    /** The guard answers. */
    record Answer(UnreadBody.Answer sending) implements Handling {}

    /**
     * The server answers.
     *
     * @param body what is passed on, or null where no body was read
     * @param errors what is added to the answer, for what was denied of a batch
     * @param isFiltered whether the answer is looked at
     * @param opensSession whether the agent knows the present policy from now on
     */
    // One body for one request, which nobody changes.
    @SuppressWarnings("ArrayRecordComponent")
    record Pass(Access access, byte @Nullable [] body, List<String> errors, boolean isFiltered, boolean opensSession)
            implements Handling {
        /** What the server sends by itself. */
        static Pass stream(Access access) {
            return new Pass(access, null, List.of(), true, false);
        }

        static Pass asItIs(Access access) {
            return new Pass(access, null, List.of(), false, false);
        }
    }
}
