package dev.apikeys.servlet;

import java.util.function.Function;

/**
 * What a step of a management call came to: a value, or why not.
 *
 * @param <T> the value
 */
sealed interface Outcome<T> {
    record Done<T>(T value) implements Outcome<T> {}

    record Failed<T>(Failure why) implements Outcome<T> {}

    static <T> Outcome<T> done(T value) {
        return new Done<>(value);
    }

    static <T> Outcome<T> failed(Failure why) {
        return new Failed<>(why);
    }

    /** Goes on with the value, if there is one. */
    default <R> Outcome<R> then(Function<? super T, Outcome<R>> next) {
        if (this instanceof Done<T> done) {
            return next.apply(done.value());
        }
        return failed(((Failed<T>) this).why());
    }

    default <R> Outcome<R> map(Function<? super T, ? extends R> change) {
        return then(value -> done(change.apply(value)));
    }

    default T orElse(Function<Failure, ? extends T> otherwise) {
        return this instanceof Done<T> done ? done.value() : otherwise.apply(((Failed<T>) this).why());
    }
}
