package dev.apikeys.management;

/**
 * One operation on keys, independent of its names in HTTP. Implementations are thread-safe.
 *
 * @param <T> the result
 */
@FunctionalInterface
interface Command<T> {
    /** Runs the operation, or returns a problem. Exceptions of the core pass through. */
    Result<T> run(Call call);
}
