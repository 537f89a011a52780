package dev.apikeys.mcp.servlet;

import dev.apikeys.servlet.internal.UnreadBody;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What becomes of a request: the guard answers it, or the server does. */
sealed interface Decision {
    /** The guard answers. */
    record Respond(UnreadBody.Answer answer) implements Decision {
        static Respond with(JsonResponse response) {
            return new Respond(response::send);
        }
    }

    /**
     * The server answers.
     *
     * @param body what is passed on, or null where no body was read
     * @param answers the guard's own, for what didn't go on of a batch; added to those of the server
     * @param isFiltered whether the answer is looked at
     */
    // One body for one request, which nobody changes.
    @SuppressWarnings("ArrayRecordComponent")
    record Forward(RequestPolicy policy, byte @Nullable [] body, List<String> answers, boolean isFiltered)
            implements Decision {
        /** What the server sends by itself. */
        static Forward stream(RequestPolicy policy) {
            return new Forward(policy, null, List.of(), true);
        }

        static Forward asItIs(RequestPolicy policy) {
            return new Forward(policy, null, List.of(), false);
        }
    }
}
