package dev.apikeys.gateway;

import org.junit.jupiter.api.Tag;

/** A relay that knows the position of no reader, as one that has just started: it asks the store for each. */
@Tag("tr-skip")
class ForgetfulRelayTest extends RelayedFeedContract {
    @Override
    int hops() {
        return 1;
    }

    @Override
    void set(ChangeFeedServlet.Builder settings) {
        settings.positions(1);
    }
}
