package dev.apikeys.gateway;

import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once what is wrong with a relay, and once that it is well again.
 *
 * <p>Thread-safe.
 */
final class RelayTrouble {
    private static final Logger LOG = LoggerFactory.getLogger(RelayTrouble.class);
    private static final int OK = 200;

    private final URI address;
    private final AtomicInteger lastStatus = new AtomicInteger(OK);

    RelayTrouble(URI address) {
        this.address = address;
    }

    /** Notes the status of an answer. */
    void note(int status) {
        int before = lastStatus.getAndSet(status);
        if (before == status) {
            return;
        }
        if (status == OK) {
            LOG.info("The relay {} answers as it should again, after {}", address, before);
        } else {
            LOG.warn("The relay {} answers {}: {}", address, status, whatToDo(status));
        }
    }

    private static String whatToDo(int status) {
        return switch (status) {
            case 401, 403 -> "give this node a key that may follow it";
            case 404, 405 -> "check the address";
            case 400 -> "the relay is of another version";
            case 503 -> "it can't reach the store, or has too much to do";
            default -> status >= 300 && status < 400 ? "redirects are not followed" : "see its log";
        };
    }
}
