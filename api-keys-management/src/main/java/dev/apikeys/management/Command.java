package dev.apikeys.management;

/**
 * One thing that can be done with keys, whatever it is called on the wire. Implementations are thread-safe.
 *
 * @param <T> what it gives when it succeeds
 */
@FunctionalInterface
interface Command<T> {
    /** Does it, or says why not; exceptions of the core pass through. */
    Result<T> run(Call call);
}
