package dev.apikeys;

import dev.apikeys.spi.OwnerDirectory;
import org.jspecify.annotations.Nullable;

/**
 * One owner as its cached keys see it. They share this object, so that a change of the owner reaches all of them. What
 * the directory answered last is kept in its own fields and not in an object of its own: with a million cached keys each
 * object on the way to a decision is one more cache miss.
 *
 * <p>Thread-safe. Changes lock; requests don't. A state and its times are replaced as in a seqlock: a thread that sees the
 * same even version before and after it has read them has read what belongs together.
 */
final class OwnerView {
    private final Owner owner;
    private volatile int changes;
    private volatile int version;
    private volatile OwnerDirectory.@Nullable State state;
    private volatile long nanos;
    private volatile long wallMillis;

    OwnerView(Owner owner) {
        this.owner = owner;
    }

    /**
     * What the directory answered.
     *
     * @param change the number of known changes of the owner at the time of the question
     * @param asked the moment before the question
     */
    record Known(OwnerView view, int change, OwnerDirectory.State state, Moment asked) {
        /** Tells whether no change was made since. */
        boolean isCurrent() {
            return view.changes == change;
        }
    }

    Owner owner() {
        return owner;
    }

    /** How many changes of the owner are known. */
    int changes() {
        return changes;
    }

    /**
     * The state, without a lock and without an object for each request.
     *
     * @param mostNanos how old it may be at this moment
     * @return null if it is older, if a change was made since it was read, or if it is being replaced
     */
    OwnerDirectory.@Nullable State state(long mostNanos, long laterNanos, long laterWallMillis) {
        int before = version;
        OwnerDirectory.State present = state;
        long ageNanos = Moment.longer(laterNanos - nanos, laterWallMillis - wallMillis);
        boolean isWhole = (before & 1) == 0 && version == before;
        return isWhole && ageNanos <= mostNanos ? present : null;
    }

    /** What is known; null if nothing was read, or if a change was made since. */
    synchronized @Nullable Known known() {
        OwnerDirectory.State present = state;
        return present == null ? null : new Known(this, changes, present, new Moment(nanos, wallMillis));
    }

    /** Keeps what was read, unless a change was made since the question. */
    synchronized void keep(Known known) {
        if (known.isCurrent()) {
            version++;
            nanos = known.asked().nanos();
            wallMillis = known.asked().wallMillis();
            state = known.state();
            version++;
        }
    }

    /** Forgets the state, because the owner changed. */
    synchronized void changed() {
        changes++;
        state = null;
    }
}
