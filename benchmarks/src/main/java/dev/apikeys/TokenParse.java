package dev.apikeys;

import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to see that a text is a token, beside the regular expression that one would write?
 *
 * <p>{@code java -jar benchmarks/target/benchmarks.jar TokenParse}
 */
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class TokenParse {
    private static final Pattern REGEX = Pattern.compile("myk_([0-9a-f]{24})\\.([0-9a-f]{48})");

    private final TokenFormat plain = TokenFormat.DEFAULT;
    private final TokenFormat summed = TokenFormat.builder().checksum().build();
    private final PresentedToken presented = new PresentedToken(new byte[7], 0);
    private String token = GeneratedStore.token(7);
    private String summedToken =
            summed.mint(new java.security.SecureRandom()).token().reveal();

    /** The default format. */
    @Benchmark
    public long parse() {
        return parsed(plain, token);
    }

    /** With a checksum. */
    @Benchmark
    public long parseWithChecksum() {
        return parsed(summed, summedToken);
    }

    private long parsed(TokenFormat format, String text) {
        if (!format.read(text, format.idStart(text), presented)) {
            throw new IllegalStateException("not a token");
        }
        return presented.idHigh() ^ presented.idLow();
    }

    /** The public id by a regular expression. */
    @Benchmark
    public @Nullable Object regularExpression() {
        var matcher = REGEX.matcher(token);
        return matcher.matches() ? matcher.group(1) : null;
    }
}
