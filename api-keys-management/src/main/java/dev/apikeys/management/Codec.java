package dev.apikeys.management;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How one family of the contract speaks: its routes, its names of fields, its envelopes. It decides nothing, and reaches
 * neither the service nor a store: its commands are handed to it.
 */
interface Codec {
    /** What can be called, with the command behind it and how its result is shown. */
    List<Route<?>> routes();

    /** The family's name of each field that one of its routes takes. */
    Map<Field, String> names();

    /** The family's name of a field that one of its routes takes. */
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
