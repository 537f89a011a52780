package dev.apikeys.jdbi;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/**
 * Which trigrams of a text to ask an index of trigrams for. For a text PostgreSQL reads the whole list of keys of each of its
 * trigrams, and most are frequent where names are made of the same words: of ten million keys, a million have each trigram
 * of such a word. A few rare ones find nearly the same keys. A sample of the keys tells which are rare.
 */
final class RareTrigrams {
    /** More than these find few keys less, and each is another list to read. */
    static final int MOST = 4;

    /** Of longer texts only the beginning is looked at. */
    private static final int CONSIDERED = 64;

    private static final int LENGTH = 3;

    /** What is part of a word in every locale: the database makes trigrams of words. */
    private static final Pattern IN_WORD = Pattern.compile("(?=([a-z0-9]{" + LENGTH + "}))");

    /** About 500 keys of pages from all over the table; at most 1,000, since the number of all keys is an estimate. */
    private static final String SAMPLE =
            "SELECT search_text FROM api_key TABLESAMPLE SYSTEM (LEAST(100, 50000.0 / GREATEST(1,"
                    + " (SELECT reltuples FROM pg_class WHERE oid = to_regclass('api_key'))))) LIMIT 1000";

    private RareTrigrams() {}

    /** The search texts of some keys. */
    static List<String> sample(Handle handle) {
        return handle.select(SAMPLE).mapTo(String.class).list();
    }

    /** Whether the text has more trigrams than are asked for. */
    static boolean isWorthASample(String folded) {
        return of(folded).size() > MOST;
    }

    /**
     * The trigrams to ask for, or none if all of them are as good: where the text has few, or keys of the sample contain it.
     * Then it is frequent, and the database finds it by reading the newest keys.
     */
    static List<String> of(String folded, List<String> sample) {
        List<String> trigrams = of(folded);
        if (trigrams.size() <= MOST || sample.isEmpty() || sample.stream().anyMatch(text -> text.contains(folded))) {
            return List.of();
        }
        List<Held> all = new ArrayList<>(
                trigrams.stream().map(trigram -> Held.of(trigram, sample)).toList());
        List<String> chosen = new ArrayList<>();
        BitSet left = new BitSet();
        left.set(0, sample.size());
        while (chosen.size() < MOST) {
            Held rarest = rarest(all, left);
            all.remove(rarest);
            left.and(rarest.by());
            chosen.add(rarest.trigram());
        }
        return chosen;
    }

    /** The one that the fewest keys have that have those before; of equals the one that the fewest keys have at all. */
    private static Held rarest(List<Held> all, BitSet left) {
        return Collections.min(
                all,
                Comparator.<Held>comparingInt(one -> one.within(left))
                        .thenComparingInt(one -> one.by().cardinality()));
    }

    /**
     * A trigram, and the keys of the sample that have it. Not thread-safe.
     *
     * @param by the numbers of the keys
     */
    private record Held(String trigram, BitSet by) {
        static Held of(String trigram, List<String> sample) {
            BitSet by = new BitSet();
            for (int i = 0; i < sample.size(); i++) {
                by.set(i, sample.get(i).contains(trigram));
            }
            return new Held(trigram, by);
        }

        int within(BitSet left) {
            BitSet both = (BitSet) left.clone();
            both.and(by);
            return both.cardinality();
        }
    }

    private static List<String> of(String folded) {
        Matcher trigrams = IN_WORD.matcher(folded);
        return trigrams.results()
                .map(found -> found.group(1))
                .distinct()
                .limit(CONSIDERED)
                .toList();
    }
}
