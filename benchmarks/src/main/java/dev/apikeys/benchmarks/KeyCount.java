package dev.apikeys.benchmarks;

import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** How many keys there are, for all that needs to know. */
@State(Scope.Benchmark)
public class KeyCount {
    /** Numbers from 0 to this. */
    @Param("1000")
    public int keys = 1_000;
}
