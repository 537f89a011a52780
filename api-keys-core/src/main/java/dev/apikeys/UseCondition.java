package dev.apikeys;

import dev.apikeys.ApiKey.LastUse;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The part of a {@link KeyFilter} that is about the latest use; an instant that is null matches every key. */
record UseCondition(@Nullable Instant unusedSince, Ever everUsed) {
    static final UseCondition NONE = new UseCondition(null, Ever.ANY);

    enum Ever {
        ANY,
        NEVER
    }

    boolean matches(ApiKey key) {
        LastUse use = key.lastUse();
        return (everUsed == Ever.ANY || use == null)
                && (unusedSince == null
                        || (key.createdAt().isBefore(unusedSince)
                                && (use == null || use.at().isBefore(unusedSince))));
    }
}
