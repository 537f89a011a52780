package dev.apikeys.management;

import java.util.function.Function;

/**
 * The result of a step of a management call: a value or a problem.
 *
 * @param <T> the value
 */
sealed interface Result<T> {
    record Done<T>(T value) implements Result<T> {}

    record Failed<T>(ManagementProblem why) implements Result<T> {}

    static <T> Result<T> done(T value) {
        return new Done<>(value);
    }

    static <T> Result<T> failed(ManagementProblem why) {
        return new Failed<>(why);
    }

    /** Continues with the value, if there is one. */
    default <R> Result<R> then(Function<? super T, Result<R>> next) {
        if (this instanceof Done<T> done) {
            return next.apply(done.value());
        }
        return failed(((Failed<T>) this).why());
    }

    default <R> Result<R> map(Function<? super T, ? extends R> change) {
        return then(value -> done(change.apply(value)));
    }

    default T orElse(Function<ManagementProblem, ? extends T> otherwise) {
        return this instanceof Done<T> done ? done.value() : otherwise.apply(((Failed<T>) this).why());
    }
}
