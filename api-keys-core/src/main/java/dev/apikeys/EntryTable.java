package dev.apikeys;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The entries of known keys, at most a certain number, by public id. It is a hash table with a fixed number of chains,
 * and the entries themselves are the links, so that a key takes no memory beside its entry and its share of the table,
 * and a look-up follows no other object. If there are too many entries, a new one takes the place of that of a sample
 * which has the least {@link Heat}.
 *
 * <p>An entry is detached before it leaves the table, and a detached entry is not found. So no thread finds an entry
 * missing while another one still treats it as attached.
 *
 * <p>Thread-safe. Look-ups don't lock; changes lock the chains of one stripe. An entry is linked once and never again, so
 * a thread that stands on an entry that leaves still reaches all entries behind it.
 */
final class EntryTable {
    /** As in Redis, where a sample of ten comes close to the true order (maxmemory-samples). */
    private static final int SAMPLE = 10;

    private static final int LEAST_CHAINS = 16;
    private static final int MOST_CHAINS = 1 << 27;
    private static final int STRIPES = 256;

    private final int most;
    private final AtomicReferenceArray<@Nullable CacheEntry> chains;
    private final int bits;
    private final Object[] stripes = new Object[STRIPES];
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicLong added = new AtomicLong();
    /** Behind by some keys when threads add at the same time, which changes no heat by a part. */
    private int turnover;

    /** A table for at most so many entries, with a chain for each of them. */
    EntryTable(int most) {
        this.most = most;
        int needed = Math.min(Math.max(most, LEAST_CHAINS), MOST_CHAINS);
        this.bits = Integer.SIZE - Integer.numberOfLeadingZeros(needed - 1);
        this.chains = new AtomicReferenceArray<>(1 << bits);
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Object();
        }
    }

    /** The entry of an id; null if there is none. */
    @Nullable
    CacheEntry find(long high, long low) {
        CacheEntry entry = chains.getAcquire(chain(high, low));
        while (entry != null && !entry.is(high, low)) {
            entry = entry.next();
        }
        return entry == null || entry.isDetached() ? null : entry;
    }

    /** Adds an entry, instead of another one with its id. */
    void put(CacheEntry entry) {
        turnover = Heat.turnover(added.incrementAndGet(), most);
        entry.warm(Heat.now(entry.loaded().nanos(), turnover));
        int chain = chain(entry.high(), entry.low());
        synchronized (stripe(chain)) {
            unlink(chain, entry);
            entry.linkBefore(chains.getPlain(chain));
            chains.setRelease(chain, entry);
            size.incrementAndGet();
        }
        while (size.get() > most && evictInsteadOf(entry)) {
            // Until there is room, or nothing is left to evict.
        }
    }

    /** Notes that an entry is in use, so that it stays. */
    void noteUse(CacheEntry entry, long nanos) {
        entry.heat(Heat.now(nanos, turnover));
    }

    /** Detaches and removes the entry of an id, if there is one. */
    void drop(PublicId id) {
        int chain = chain(id.high(), id.low());
        synchronized (stripe(chain)) {
            unlink(chain, id);
        }
    }

    /** Detaches and removes every entry. */
    void dropAll() {
        ids().forEachRemaining(this::drop);
    }

    int size() {
        return size.get();
    }

    /** The ids that are there now. Changes while they are read are seen or not. */
    Iterator<PublicId> ids() {
        return new Ids();
    }

    private boolean evictInsteadOf(CacheEntry newest) {
        CacheEntry coolest = null;
        // Ids are random, and so is where the sample begins.
        int chain = chain(newest.high(), newest.low());
        int seen = 0;
        for (int tried = 0; tried < chains.length() && seen < SAMPLE; tried++) {
            for (CacheEntry entry = chains.getAcquire(chain); entry != null; entry = entry.next()) {
                seen++;
                if (!entry.equals(newest) && (coolest == null || Heat.isCooler(entry.heat(), coolest.heat()))) {
                    coolest = entry;
                }
            }
            chain = (chain + 1) & (chains.length() - 1);
        }
        if (coolest != null) {
            drop(coolest);
        }
        return coolest != null;
    }

    /** Call it with the lock of the chain's stripe. */
    private void unlink(int chain, PublicId id) {
        CacheEntry before = null;
        CacheEntry entry = chains.getPlain(chain);
        while (entry != null && !entry.equals(id)) {
            before = entry;
            entry = entry.next();
        }
        if (entry == null) {
            return;
        }
        entry.detach();
        if (before == null) {
            chains.setRelease(chain, entry.next());
        } else {
            before.linkBefore(entry.next());
        }
        size.decrementAndGet();
    }

    private Object stripe(int chain) {
        return stripes[chain & (STRIPES - 1)];
    }

    private int chain(long high, long low) {
        return FibonacciHash.of((high * 31) ^ low, bits);
    }

    /** Goes through the chains. */
    private final class Ids implements Iterator<PublicId> {
        private int chain;
        private @Nullable CacheEntry next;

        @Override
        public boolean hasNext() {
            while (next == null && chain < chains.length()) {
                next = chains.getAcquire(chain++);
            }
            return next != null;
        }

        @Override
        public PublicId next() {
            if (!hasNext() || next == null) {
                throw new NoSuchElementException();
            }
            CacheEntry entry = next;
            next = entry.next();
            return entry;
        }
    }
}
