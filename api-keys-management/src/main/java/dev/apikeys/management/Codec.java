package dev.apikeys.management;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The dialect of one family of the contract: its routes, its field names, its envelopes. It decides nothing, and uses
 * neither the service nor a store. Its commands are passed to it.
 */
interface Codec {
    /** The routes, each with its command and the rendering of its result. */
    List<Route<?>> routes();

    /** The family's names of all fields of its routes. */
    Map<Field, String> names();

    /** The family's name of a field. */
    default String name(Field field) {
        return Objects.requireNonNull(names().get(field), () -> "no name for " + field);
    }

    /** The name under which a wrong field was sent. */
    default String name(Violation wrong) {
        String sentAs = wrong.sentAs();
        return sentAs == null ? name(wrong.field()) : sentAs;
    }

    /** The answer for a failure, in the family's envelope. */
    Response failure(ManagementProblem failure);
}
