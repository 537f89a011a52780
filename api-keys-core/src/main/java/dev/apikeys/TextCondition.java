package dev.apikeys;

import java.util.Locale;
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
        String text = search.toLowerCase(Locale.ROOT);
        Owner owner = key.owner();
        if (key.publicId().startsWith(text) || contains(key.name(), text)) {
            return true;
        }
        return !owners.isOneOwner()
                && (contains(owner.user(), text)
                        || contains(owner.organization(), text)
                        || contains(owner.workspace(), text));
    }

    private static boolean contains(@Nullable String value, String lowerCaseText) {
        return value != null && value.toLowerCase(Locale.ROOT).contains(lowerCaseText);
    }
}
