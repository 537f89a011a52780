package dev.apikeys.benchmarks;

import static dev.apikeys.benchmarks.Line.atLeast;
import static dev.apikeys.benchmarks.Line.atMost;
import static dev.apikeys.benchmarks.Line.divided;
import static dev.apikeys.benchmarks.Line.figure;
import static dev.apikeys.benchmarks.Line.less;
import static dev.apikeys.benchmarks.Line.plain;
import static dev.apikeys.benchmarks.Line.time;
import static dev.apikeys.benchmarks.Line.times;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** The twelve goals and what else is worth a line, from what was measured. */
final class Goals {
    private static final String HTTP = "FilterOverHttp.turns";
    private static final String GUARD = "GuardOverHttp.turns";

    private final Results results;
    private final OptionalDouble floor;
    private final OptionalDouble verify;
    private final List<Line> lines = new ArrayList<>();

    Goals(Results results) {
        this.results = results;
        this.floor = results.score("VerifyCached.floor");
        this.verify = results.score("VerifyCached.verify");
    }

    List<Line> lines() {
        cached();
        rejected();
        threads();
        http();
        guard();
        databases();
        imported();
        memory();
        parts();
        return lines;
    }

    private void cached() {
        OptionalDouble pepper = results.score("VerifyCached.verify", "pepper=p1");
        OptionalDouble bytes = results.bytes("VerifyCached.verify");
        OptionalDouble fastest = Peer.all()
                .map(peer -> results.score(peer.benchmark()))
                .flatMapToDouble(OptionalDouble::stream)
                .min();
        OptionalDouble nimbus = results.score("Peers.nimbusJoseJwt");
        add(plain("the floor", time(floor)));
        add(atMost(
                "1",
                "verify a cached key",
                time(verify),
                divided(verify, floor),
                1.25,
                " × floor, then 1.10; 1.65 before"));
        OptionalDouble header = results.score("VerifyCached.verifyHeader");
        add(new Line("", "… and cut the token out of the header", time(header), ratio(divided(header, floor)), "", ""));
        add(atLeast("2", "fastest JWT HS256", time(fastest), divided(fastest, verify), 12, " × verify; 9.67 before"));
        add(atLeast("2", "Nimbus JWT HS256", time(nimbus), divided(nimbus, verify), 28, " × verify; 25.0 before"));
        Peer.all()
                .forEach(peer -> add(new Line(
                        "",
                        "JWT HS256 by " + peer.title(),
                        time(results.score(peer.benchmark())) + ", " + figure(results.bytes(peer.benchmark()), "B"),
                        ratio(divided(results.score(peer.benchmark()), floor)),
                        "",
                        "")));
        add(atMost("3", "bytes allocated per cached verify", figure(bytes, "B"), bytes, 64, " B, then 0"));
        add(atMost("4", "verify with a pepper", time(pepper), divided(pepper, verify), 1.05, " × without"));
        OptionalDouble hmac = results.score("Hashing.hmacAtRest");
        add(atMost(
                "4",
                "hash at rest with a pepper, before there is a fingerprint",
                time(hmac),
                divided(hmac, results.score("Hashing.sha256AtRest")),
                2.2,
                " × without"));
    }

    private void rejected() {
        OptionalDouble malformed = results.score("VerifyRejected.malformed");
        OptionalDouble unknown = results.score("VerifyRejected.unknown");
        OptionalDouble wrong = results.score("VerifyRejected.wrongSecret");
        add(atMost("5", "reject garbage", time(malformed), divided(malformed, floor), 0.1, " × floor"));
        add(atMost(
                "5",
                "reject an unknown id, beyond the work for a wrong secret",
                time(unknown),
                divided(less(unknown, wrong), floor),
                0.3,
                " × floor"));
        add(atMost("5", "reject a wrong secret", time(wrong), divided(wrong, verify), 1.1, " × verify"));
    }

    private void threads() {
        OptionalDouble two = results.scoreWithThreads(2, "VerifyCached.verify");
        OptionalDouble floorOfTwo = results.scoreWithThreads(2, "VerifyCached.floor");
        add(atLeast("6", "throughput of 2 threads", time(two), times(2, divided(verify, two)), 1.8, " × that of 1"));
        add(new Line("", "… of the floor", time(floorOfTwo), ratio(times(2, divided(floor, floorOfTwo))), "", ""));
    }

    private void http() {
        OptionalDouble none = results.secondary("noneAnswers", HTTP);
        OptionalDouble noneCpu = results.quotient("noneCpu", "noneAnswers", HTTP);
        OptionalDouble keyCpu = results.quotient("keyCpu", "keyAnswers", HTTP);
        OptionalDouble jwtCpu = results.quotient("jwtCpu", "jwtAnswers", HTTP);
        add(plain("Jetty without a filter", perSecond(none) + ", " + time(noneCpu) + " of processor time per request"));
        add(plain("… measured with", Processors.inWords(results.secondary("divided", HTTP))));
        add(atLeast(
                "7",
                "requests with the filter",
                perSecond(results.secondary("keyAnswers", HTTP)),
                results.quotient("keyAnswers", "noneAnswers", HTTP),
                0.95,
                " × without a filter"));
        add(atLeast(
                "7",
                "… beside a comparison of one header",
                perSecond(results.secondary("trivialAnswers", HTTP)),
                results.quotient("keyAnswers", "trivialAnswers", HTTP),
                0.97,
                " × that"));
        OptionalDouble more = less(keyCpu, noneCpu);
        add(atMost("7", "processor time of the filter per request", time(more), times(1e-3, more), 1, " µs"));
        add(atMost(
                "8",
                "requests with a Nimbus filter",
                perSecond(results.secondary("jwtAnswers", HTTP)) + ", + " + time(less(jwtCpu, noneCpu)),
                results.quotient("jwtAnswers", "keyAnswers", HTTP),
                0.6,
                " × with ours"));
    }

    private void guard() {
        add(atLeast(
                "MCP",
                "calls of tools through the guard",
                perSecond(results.secondary("guardedCalls", GUARD)),
                results.quotient("guardedCalls", "plainCalls", GUARD),
                0.95,
                " × without it"));
        add(atMost(
                "MCP",
                "lists of tools through the guard, 1 MiB",
                perSecond(results.secondary("guardedLists", GUARD)),
                results.quotient("plainLists", "guardedLists", GUARD),
                1.15,
                " × the time without it"));
    }

    private void databases() {
        for (String database : List.of("PostgreSQL", "H2")) {
            OptionalDouble cold = results.secondary("verify", "VerifyCold.cold", "database=" + database);
            OptionalDouble plain = results.secondary("plainJdbc", "VerifyCold.cold", "database=" + database);
            OptionalDouble ratio = divided(cold, plain);
            String what = "verify a key that isn't cached, " + database;
            add(
                    database.equals("H2")
                            ? new Line("", what, figure(cold, "µs"), ratio(ratio), "", "")
                            : atMost("9", what, figure(cold, "µs"), ratio, 1.15, " × the SELECT by JDBC"));
        }
        for (String database : List.of("PostgreSQL", "H2")) {
            OptionalDouble issue = results.secondary("issue", "Issue.issue", "database=" + database);
            OptionalDouble plain = results.secondary("plainJdbc", "Issue.issue", "database=" + database);
            add(atMost(
                    "",
                    "issue a key, " + database,
                    figure(issue, "µs"),
                    divided(issue, plain),
                    1.3,
                    " × the INSERTs by JDBC"));
        }
    }

    private void imported() {
        OptionalDouble first = results.score("VerifyImported.first");
        OptionalDouble repeated = results.score("VerifyImported.repeated");
        add(atMost(
                "10",
                "first verify of an imported Argon2id key",
                time(first),
                divided(first, results.score("VerifyImported.password4j")),
                1.05,
                " × password4j alone"));
        OptionalDouble own = results.score("VerifyImported.ownKey");
        OptionalDouble machineMade = results.score("VerifyImported.repeatedMachineMade");
        add(atMost("10", "… and its repeats", time(repeated), divided(repeated, own), 1.05, " × an own key"));
        add(atMost(
                "10",
                "repeats of an imported SHA-256 key",
                time(machineMade),
                divided(machineMade, own),
                1.05,
                " × an own key"));
    }

    private void memory() {
        for (int keys : List.of(10_000, 100_000)) {
            add(plain(
                    String.format(Locale.ROOT, "heap per cached key, %,d keys", keys),
                    figure(results.secondary("bytesPerKey", "CacheMemory.fill", "keys=" + keys), "B")));
        }
        for (int keys : Plan.manyKeys()) {
            String before = keys == 1_000_000 ? "; %s before" : "";
            OptionalDouble bytes = results.secondary("bytesPerKey", "CacheMemory.fill", "keys=" + keys);
            add(atMost(
                    "11",
                    String.format(Locale.ROOT, "heap per cached key, %,d keys", keys),
                    figure(bytes, "B"),
                    bytes,
                    200,
                    " B" + before.formatted("300")));
            OptionalDouble verified = results.score("VerifyCached.verify", "keys=" + keys);
            add(atMost(
                    "12",
                    String.format(Locale.ROOT, "verify with %,d keys cached", keys),
                    time(verified),
                    divided(verified, results.score("VerifyCached.floor", "keys=" + keys, "map=caffeine")),
                    1.15,
                    " × floor over Caffeine" + before.formatted("2.24")));
        }
    }

    private void parts() {
        part("parse a token", "TokenParse.parse");
        part("… with a checksum", "TokenParse.parseWithChecksum");
        part("… by a regular expression", "TokenParse.regularExpression");
        part("check a secret by its fingerprint", "Hashing.fingerprint");
        part("… by SHA-256 at rest", "Hashing.sha256AtRest");
        part("… by bcrypt, cost 10 (password4j)", "Hashing.bcrypt");
        part("… by Argon2id, 15 MiB, t 2 (password4j)", "Hashing.argon2id");
        for (String scopes : List.of("1", "8", "64")) {
            OptionalDouble match = results.score("ScopeMatch.allowed", "scopes=" + scopes);
            String before = scopes.equals("64") ? "; 405 before" : "";
            add(atMost("16", "match a scope, " + scopes + " granted", time(match), match, 60, " ns" + before));
        }
        add(atMost(
                "",
                "count an accepted token",
                figure(results.bytes("AcceptedCount.verify"), "B"),
                results.quotient("twiceNanos", "onceNanos", "AcceptedCount.verify"),
                1.01,
                " × verify without it"));
        part("note a use", "UsageRecording.note");
        add(plain(
                "… while another thread writes them all the time",
                time(results.secondary("noteWhileFlushing", "UsageRecording.busy"))));
        part("decide about an agent's call, 256 tools listed", "McpDecide.listedTool");
    }

    private void part(String what, String benchmark, String... parameters) {
        OptionalDouble score = results.score(benchmark, parameters);
        add(new Line(
                "",
                what,
                time(score) + ", " + figure(results.bytes(benchmark, parameters), "B"),
                ratio(divided(score, floor)),
                "",
                ""));
    }

    private void add(Line line) {
        lines.add(line);
    }

    private static String perSecond(OptionalDouble answersInHalfASecond) {
        return figure(times(2, answersInHalfASecond), "requests/s");
    }

    private static String ratio(OptionalDouble ratio) {
        return ratio.isPresent() ? Line.number(ratio.getAsDouble()) : "";
    }

    /** A library for signed tokens. */
    record Peer(String title, String benchmark) {
        static Stream<Peer> all() {
            return Stream.of(
                    new Peer("fusionauth-jwt", "Peers.fusionAuthJwt"),
                    new Peer("java-jwt", "Peers.javaJwt"),
                    new Peer("nimbus-jose-jwt", "Peers.nimbusJoseJwt"),
                    new Peer("jjwt", "Peers.jjwt"));
        }
    }
}
