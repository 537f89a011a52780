package dev.apikeys.servlet;

import java.util.List;
import java.util.function.Function;

/**
 * One method on one path.
 *
 * @param path below the servlet's mount: empty, or segments that each begin with a slash; the segment {@code {key}}
 *     stands for any one segment and is {@link Field#KEY}
 * @param source where the fields are sent
 * @param fields what is read of all that is sent
 * @param command what is done
 * @param rendering shows what came of it
 */
record Route<T>(
        String method,
        String path,
        Source source,
        List<Field> fields,
        Command<T> command,
        Function<T, Reply> rendering) {
    /** Where a route takes its fields from. */
    enum Source {
        QUERY,
        BODY,
        NOWHERE
    }

    static <T> Route<T> get(String path, Command<T> command, Function<T, Reply> rendering) {
        return new Route<>("GET", path, Source.QUERY, List.of(), command, rendering);
    }

    static <T> Route<T> post(String path, Command<T> command, Function<T, Reply> rendering) {
        return new Route<>("POST", path, Source.BODY, List.of(), command, rendering);
    }

    static <T> Route<T> delete(String path, Command<T> command, Function<T, Reply> rendering) {
        return new Route<>("DELETE", path, Source.NOWHERE, List.of(), command, rendering);
    }

    /** The same route, reading these fields. */
    Route<T> taking(Field... wanted) {
        return new Route<>(method, path, source, List.of(wanted), command, rendering);
    }

    boolean changesState() {
        return !method.equals("GET");
    }

    Outcome<Reply> answer(Call call) {
        return command.run(call).map(rendering);
    }
}
