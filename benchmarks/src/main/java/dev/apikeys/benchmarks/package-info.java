/** Benchmarks: one question per class, the command in its Javadoc. */
@NullMarked
package dev.apikeys.benchmarks;

import org.jspecify.annotations.NullMarked;
