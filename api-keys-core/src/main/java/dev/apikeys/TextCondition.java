package dev.apikeys;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The part of a {@link KeyFilter} that is about text; what is null matches every key. */
record TextCondition(
        @Nullable String search,
        @Nullable String entryName,
        @Nullable String entryValue) {
    static final TextCondition NONE = new TextCondition(null, null, null);

    boolean matches(ApiKey key, OwnerCondition owners) {
        return (entryName == null || Objects.equals(key.metadata().get(entryName), entryValue)) && isFound(key, owners);
    }

    private boolean isFound(ApiKey key, OwnerCondition owners) {
        if (search == null) {
            return true;
        }
        String text = KeySearch.fold(search);
        Owner owner = key.owner();
        if (key.publicId().startsWith(text) || contains(key.name(), text)) {
            return true;
        }
        return !owners.isOneOwner()
                && (contains(owner.user(), text)
                        || contains(owner.organization(), text)
                        || contains(owner.workspace(), text));
    }

    private static boolean contains(@Nullable String value, String folded) {
        return value != null && KeySearch.fold(value).contains(folded);
    }
}
