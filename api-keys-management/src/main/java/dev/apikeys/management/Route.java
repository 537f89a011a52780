package dev.apikeys.management;

import java.util.List;
import java.util.function.Function;

/**
 * One method on one path.
 *
 * @param path below the servlet's mount: empty, or segments that each begin with a slash; the segment {@code {key}}
 *     stands for any one segment and is {@link Field#KEY}
 * @param source where the fields are
 * @param fields the fields that are read
 * @param access who may call it
 * @param command the operation
 * @param rendering writes the result
 */
record Route<T>(
        String method,
        String path,
        Source source,
        List<Field> fields,
        Access access,
        Command<T> command,
        Function<T, Response> rendering) {
    /** Where a route reads its fields. */
    enum Source {
        QUERY,
        BODY,
        /** An optional body. */
        OPTIONAL_BODY,
        NOWHERE
    }

    /** Who may call a route. */
    enum Access {
        /** A person in an interactive session, and no key. */
        SESSION,
        /** The holder of the key that the call concerns. */
        KEY
    }

    static <T> Route<T> get(String path, Command<T> command, Function<T, Response> rendering) {
        return by("GET", path, Source.QUERY, command, rendering);
    }

    static <T> Route<T> post(String path, Command<T> command, Function<T, Response> rendering) {
        return by("POST", path, Source.BODY, command, rendering);
    }

    static <T> Route<T> put(String path, Command<T> command, Function<T, Response> rendering) {
        return by("PUT", path, Source.BODY, command, rendering);
    }

    static <T> Route<T> patch(String path, Command<T> command, Function<T, Response> rendering) {
        return by("PATCH", path, Source.BODY, command, rendering);
    }

    static <T> Route<T> delete(String path, Command<T> command, Function<T, Response> rendering) {
        return by("DELETE", path, Source.NOWHERE, command, rendering);
    }

    private static <T> Route<T> by(
            String method, String path, Source source, Command<T> command, Function<T, Response> rendering) {
        return new Route<>(method, path, source, List.of(), Access.SESSION, command, rendering);
    }

    /** The same route, reading these fields. */
    Route<T> taking(List<Field> wanted) {
        return new Route<>(method, path, source, wanted, access, command, rendering);
    }

    /** The same route, reading these fields. */
    Route<T> taking(Field... wanted) {
        return taking(List.of(wanted));
    }

    /** The same route, also for calls without a body. */
    Route<T> withOptionalBody() {
        return new Route<>(method, path, Source.OPTIONAL_BODY, fields, access, command, rendering);
    }

    /** The same route, for calls without a body. */
    Route<T> withoutBody() {
        return new Route<>(method, path, Source.NOWHERE, fields, access, command, rendering);
    }

    /** The same route, called with a key and for that key. */
    Route<T> calledWithTheKey() {
        return new Route<>(method, path, source, fields, Access.KEY, command, rendering);
    }

    boolean changesState() {
        return !method.equals("GET");
    }

    Result<Response> answer(Call call) {
        return command.run(call).map(rendering);
    }
}
