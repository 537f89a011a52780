package dev.apikeys;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Selectors of owners. An absent part of a selector matches every value, so {@code Owner.user("alice")} selects alice in
 * every organization. To ask whether one of them selects an owner takes as long for thousands as for a few.
 *
 * <p>Not thread-safe.
 */
final class OwnerSelectors {
    /** The selectors by the parts that they have: at most eight groups, and mostly one. */
    private final Map<Shape, Set<Parts>> groups = new HashMap<>();

    OwnerSelectors(Collection<Owner> selectors) {
        for (Owner selector : selectors) {
            Shape shape = Shape.of(selector);
            groups.computeIfAbsent(shape, none -> new HashSet<>()).add(shape.partsOf(selector));
        }
    }

    boolean select(Owner owner) {
        for (Map.Entry<Shape, Set<Parts>> group : groups.entrySet()) {
            if (group.getValue().contains(group.getKey().partsOf(owner))) {
                return true;
            }
        }
        return false;
    }

    private record Parts(
            @Nullable String user,
            @Nullable String organization,
            @Nullable String workspace) {}

    /** Which parts there are. */
    private record Shape(boolean user, boolean organization, boolean workspace) {
        static Shape of(Owner selector) {
            return new Shape(selector.user() != null, selector.organization() != null, selector.workspace() != null);
        }

        /** These parts of an owner, as a selector of this shape has them. */
        Parts partsOf(Owner owner) {
            return new Parts(
                    user ? owner.user() : null,
                    organization ? owner.organization() : null,
                    workspace ? owner.workspace() : null);
        }
    }
}
