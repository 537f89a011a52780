package dev.apikeys.mcp.servlet;

import dev.apikeys.servlet.internal.UnreadBody;
import java.util.List;

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
     * @param policy for what its answer lists
     * @param body what is passed on; empty where the method has none, whatever was sent
     * @param expected of the answer
     */
    // One body for one request, which nobody changes.
    @SuppressWarnings("ArrayRecordComponent")
    record Forward(RequestPolicy policy, byte[] body, Expected expected) implements Decision {
        static Forward withoutBody(RequestPolicy policy, Content content) {
            return new Forward(policy, new byte[0], new Expected(MessageId.NONE, List.of(), content));
        }
    }

    /**
     * What the guard does with an answer of the server.
     *
     * @param id of the only request, for an error that takes the answer's place
     * @param answers the guard's own, for what didn't go on of a batch; added to those of the server
     * @param content what the answer may hold
     */
    record Expected(MessageId id, List<String> answers, Content content) {
        /** Tells whether what the server answers has to be read, even where it didn't fail. */
        boolean isRead() {
            return content == Content.LISTS || !answers.isEmpty();
        }
    }

    /** What an answer may hold that not every key may see. */
    enum Content {
        /** Lists, or what the server advertises. */
        LISTS,
        /** Nothing: it goes as it comes, unless the server failed. */
        OTHER
    }
}
