package dev.apikeys.gateway;

import org.junit.jupiter.api.Tag;

/** A relay of a relay: an answer is as old as both hops together. The relay above forgets, so trimming is a gap. */
@Tag("tr-skip")
class ChainedRelayTest extends RelayedFeedContract {
    @Override
    int hops() {
        return 2;
    }

    @Override
    void set(ChangeFeedServlet.Builder settings) {
        settings.positions(1);
    }
}
