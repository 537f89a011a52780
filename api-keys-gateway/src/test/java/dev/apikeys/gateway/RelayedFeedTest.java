package dev.apikeys.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.Owner;
import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeBatch.Change.OfOwners;
import dev.apikeys.spi.ChangeBatch.Continuity;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.FeedPosition;
import java.time.Instant;
import java.util.Collections;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A relay that has seen everything. */
@Tag("tr-skip")
class RelayedFeedTest extends RelayedFeedContract {
    @Override
    int hops() {
        return 1;
    }

    @Override
    void set(ChangeFeedServlet.Builder settings) {
        // As it comes.
    }

    /** A relay may remember what the store has trimmed. */
    @Override
    @Test
    public void feed_placeThatWasTrimmed_isAGap() {
        try (ChangeFeed feed = feed()) {
            FeedPosition old = feed.read(null).position();
            for (int i = 0; i < 5; i++) {
                store().ownerChanged(Owner.user("alice"));
                assertThat(feed.read(old).changes()).hasSize(i + 1);
            }
            store().maintain(Instant.EPOCH, Instant.now().plusSeconds(3_600), 100);

            ChangeBatch batch = feed.read(old);
            assertThat(batch.continuity()).isEqualTo(Continuity.CONTINUOUS);
            assertThat(batch.changes()).isEqualTo(Collections.nCopies(5, new OfOwners(Owner.user("alice"))));
        }
    }
}
