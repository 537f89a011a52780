package dev.apikeys.gateway;

import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeBatch.Change;
import dev.apikeys.spi.ChangeBatch.Continuity;
import dev.apikeys.spi.FeedPosition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The latest batches of a feed, one behind the other, and where each reader of them is. Positions are compared and never
 * interpreted: only the store does that. What several batches say together is what the worst of them says.
 *
 * <p>Used under a lock.
 */
final class FeedHistory {
    /** Most characters of the changes of one answer; a batch with more is a gap, since to forget everything is cheaper. */
    static final int MAX_WEIGHT = 1_000_000;

    /** Most positions that are known at once. */
    static final int MAX_POSITIONS = 8_192;

    private static final int MAX_KEPT_WEIGHT = 8 * MAX_WEIGHT;
    private static final int MAX_BATCHES = 4_096;
    private static final int WEIGHT_OF_A_CHANGE = 32;

    private final int maxPositions;
    private final Map<FeedPosition, Place> places = new LinkedHashMap<>();
    private final NavigableMap<Long, Kept> batches = new TreeMap<>();
    private @Nullable FeedPosition head;
    private long lastBatch;
    private long droppedBatch;
    private long reads;
    private int weight;

    /** A history that knows at most so many positions. */
    FeedHistory(int maxPositions) {
        this.maxPositions = maxPositions;
    }

    /**
     * Where a reader at some position is.
     *
     * @param batch the number of the last batch that such a reader has
     * @param read counts the readings; of two positions behind the same batch, the one that was read later is not earlier
     */
    private record Place(long batch, long read) {}

    /** A batch that told something. */
    private record Kept(FeedPosition end, Continuity continuity, List<Change> changes, int weight) {}

    /**
     * What a reader misses.
     *
     * @param position where it goes on
     */
    record Missed(FeedPosition position, Continuity continuity, List<Change> changes) {}

    /** Where the next batch begins; null before the first one. */
    @Nullable
    FeedPosition head() {
        return head;
    }

    /**
     * Adds the batch that was read from the head.
     *
     * @return whether a reader at the head misses something now
     */
    boolean add(ChangeBatch batch) {
        boolean goesOn = batch.continuity() == Continuity.CONTINUOUS || batch.continuity() == Continuity.PARTIAL;
        boolean isNews = head != null && (!goesOn || !batch.changes().isEmpty());
        if (isNews) {
            int its = weight(batch.changes());
            boolean isTold = goesOn && its <= MAX_WEIGHT;
            Continuity continuity = isTold || !goesOn ? batch.continuity() : Continuity.GAP;
            keep(new Kept(batch.position(), continuity, isTold ? batch.changes() : List.of(), isTold ? its : 0));
        }
        head = batch.position();
        remember(batch.position());
        return isNews;
    }

    private void keep(Kept batch) {
        batches.put(++lastBatch, batch);
        weight += batch.weight();
        while (weight > MAX_KEPT_WEIGHT || batches.size() > MAX_BATCHES) {
            Map.Entry<Long, Kept> first = batches.pollFirstEntry();
            weight -= first.getValue().weight();
            droppedBatch = first.getKey();
        }
    }

    /**
     * Notes a position that somebody else has read just now, behind the head. A reader there is told all batches that come,
     * also of what it has read already.
     */
    void remember(FeedPosition position) {
        places.remove(position);
        places.put(position, new Place(lastBatch, ++reads));
        while (places.size() > maxPositions) {
            places.remove(places.keySet().iterator().next());
        }
    }

    /** Tells whether a reader at this position misses something; also when nobody knows. */
    boolean isBehind(FeedPosition position) {
        Place place = places.get(position);
        return place == null || place.batch() < lastBatch;
    }

    /** What a reader at this position misses; null if the position isn't known, or what follows is dropped. */
    @Nullable
    Missed after(@Nullable FeedPosition position) {
        FeedPosition end = head;
        Place place = position == null ? null : places.get(position);
        if (end == null) {
            return null;
        }
        if (position == null) {
            return new Missed(end, Continuity.CONTINUOUS, List.of());
        }
        if (place == null || place.batch() < droppedBatch) {
            return null;
        }
        if (place.batch() == lastBatch) {
            Place ofHead = places.get(end);
            boolean isAhead = ofHead != null && place.read() > ofHead.read();
            return new Missed(isAhead ? position : end, Continuity.CONTINUOUS, List.of());
        }
        return together(end, batches.tailMap(place.batch(), false).values());
    }

    private static Missed together(FeedPosition end, Iterable<Kept> missed) {
        Continuity broken = null;
        for (Kept batch : missed) {
            boolean isGap = batch.continuity() == Continuity.GAP;
            if (batch.continuity() == Continuity.REWOUND || (isGap && broken == null)) {
                broken = batch.continuity();
            }
        }
        return broken == null ? joined(end, missed) : new Missed(end, broken, List.of());
    }

    private static Missed joined(FeedPosition end, Iterable<Kept> missed) {
        List<Change> changes = new ArrayList<>();
        FeedPosition reached = null;
        int weight = 0;
        for (Kept batch : missed) {
            weight += batch.weight();
            if (weight > MAX_WEIGHT && reached != null) {
                return new Missed(reached, Continuity.PARTIAL, changes);
            }
            changes.addAll(batch.changes());
            reached = batch.end();
        }
        return new Missed(end, Continuity.CONTINUOUS, changes);
    }

    /** About how many characters the changes have when they are sent. */
    static int weight(List<Change> changes) {
        long weight = 0;
        for (Change change : changes) {
            weight += WEIGHT_OF_A_CHANGE;
            if (change instanceof Change.OfCredential credential) {
                weight += credential.publicId().length();
            } else if (change instanceof Change.OfOwners some) {
                weight += length(some.selector().user())
                        + length(some.selector().organization())
                        + length(some.selector().workspace());
            }
        }
        return (int) Math.min(weight, Integer.MAX_VALUE / 2);
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
