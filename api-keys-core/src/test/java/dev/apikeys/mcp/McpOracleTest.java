package dev.apikeys.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Random policies and calls against rules that were written twice. */
class McpOracleTest {
    private static final int CASES = 100_000;
    private static final long FIRST_SEED = 43_000_000;

    @Test
    void decision_ofRandomPoliciesAndCalls_isTheOracles() {
        Map<String, Integer> seen = new TreeMap<>();
        for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES; seed++) {
            RandomMcp random = new RandomMcp(seed);
            McpOracle.Fields fields = random.fields();
            McpCall call = random.call();
            String expected = McpOracle.decide(fields, call);
            String decided = outcome(RandomMcp.policy(fields).decide(call));
            if (!decided.equals(expected)) {
                assertThat(decided).as(story(seed, fields, call)).isEqualTo(expected);
            }
            seen.merge(decided, 1, Integer::sum);
        }
        assertThat(seen).as("every outcome is met often").hasSize(McpDenial.values().length + 1);
        assertThat(seen.values()).as("every outcome is met often: %s", seen).allMatch(times -> times > CASES / 500);
    }

    @Test
    void tool_ofARandomPolicy_isListedExactlyWhenItIsCallable() {
        int listed = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES; seed++) {
            RandomMcp random = new RandomMcp(seed);
            McpOracle.Fields fields = random.fields();
            McpCall call = random.toolCall();
            McpPolicy policy = RandomMcp.policy(fields);
            boolean callable = somewhere(call).stream().anyMatch(in -> isAllowed(McpOracle.decide(fields, in)));
            boolean lists = policy.lists(call);
            if (lists != callable) {
                assertThat(lists).as(story(seed, fields, call)).isEqualTo(callable);
            }
            if (call.project() != null && call.instance() != null) {
                assertThat(policy.decide(call).isAllowed())
                        .as(story(seed, fields, call))
                        .isEqualTo(lists);
            }
            listed += lists ? 1 : 0;
        }
        assertThat(listed).as("neither always nor never").isBetween(CASES / 20, CASES / 20 * 19);
    }

    @Test
    void policyWithinACeiling_ofRandomPoliciesAndCalls_allowsWhatBothAllow() {
        int allowed = 0;
        int narrowed = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES; seed++) {
            RandomMcp random = new RandomMcp(seed);
            McpOracle.Fields key = random.fields();
            McpOracle.Fields organization = random.fields();
            McpOracle.Fields host = random.fields();
            McpCall call = random.call();
            McpPolicy both = RandomMcp.policy(key).within(RandomMcp.policy(organization));
            McpPolicy all = RandomMcp.policy(host).within(both);
            boolean byKey = isAllowed(McpOracle.decide(key, call));
            boolean byBoth = byKey && isAllowed(McpOracle.decide(organization, call));
            boolean byAll = byBoth && isAllowed(McpOracle.decide(host, call));
            boolean decided = both.decide(call).isAllowed();
            if (decided != byBoth || all.decide(call).isAllowed() != byAll) {
                assertThat(decided)
                        .as(story(seed, key, call) + "\n within " + organization + "\n within " + host)
                        .isEqualTo(byBoth);
                assertThat(all.decide(call).isAllowed()).as("seed %d", seed).isEqualTo(byAll);
            }
            allowed += byBoth ? 1 : 0;
            narrowed += byKey && !byBoth ? 1 : 0;
        }
        assertThat(allowed).as("met often").isGreaterThan(CASES / 20);
        assertThat(narrowed).as("met often").isGreaterThan(CASES / 20);
    }

    @Test
    void policyThatIsWithinAnother_ofRandomPoliciesAndCalls_allowsNothingThatTheOtherDenies() {
        int within = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES; seed++) {
            RandomMcp random = new RandomMcp(seed);
            McpPolicy key = RandomMcp.policy(random.fields()).resume();
            McpPolicy ceiling = RandomMcp.policy(random.fields()).resume();
            if (key.isWithin(ceiling)) {
                McpCall call = random.call();
                boolean wider =
                        key.decide(call).isAllowed() && !ceiling.decide(call).isAllowed();
                assertThat(wider)
                        .as("seed %d: %s, %s, %s", seed, key, ceiling, call)
                        .isFalse();
                within++;
            }
        }
        assertThat(within).as("met often").isGreaterThan(CASES / 20);
    }

    /** It needs no permission to open a session, and a key that is not for agents may not even do that. */
    @Test
    void policyWithoutAnyPermission_isNotWithinNone() {
        McpPolicy nothingNamed = McpPolicy.of(McpPreset.CUSTOM).permissions(List.of());
        McpCall initialize = McpCall.of(McpMethod.INITIALIZE.toString());
        assertThat(nothingNamed.decide(initialize).isAllowed()).isTrue();
        assertThat(McpPolicy.DEFAULT.decide(initialize).isAllowed()).isFalse();

        assertThat(nothingNamed.isWithin(McpPolicy.DEFAULT)).isFalse();
        assertThat(McpPolicy.DEFAULT.isWithin(nothingNamed)).isTrue();
    }

    @Test
    void policyWithinACeiling_ofRandomPolicies_isTheSameTheOtherWayRoundAndTwice() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES / 10; seed++) {
            RandomMcp random = new RandomMcp(seed);
            McpPolicy key = RandomMcp.policy(random.fields());
            McpPolicy ceiling = RandomMcp.policy(random.fields());
            McpPolicy both = key.within(ceiling);
            assertThat(ceiling.within(key)).as("seed %d", seed).isEqualTo(both).hasSameHashCodeAs(both);
            assertThat(both.within(ceiling).within(key)).as("seed %d", seed).isEqualTo(both);
            assertThat(key.within(key)).as("seed %d", seed).isEqualTo(key);
            if (both.getPreset() != McpPreset.CUSTOM) {
                assertThat(both.preset(both.getPreset())).as("seed %d", seed).isEqualTo(both);
            }
        }
    }

    @Test
    void explanation_ofRandomPoliciesAndCalls_agreesWithTheDecisionOnOneAsciiLine() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES / 10; seed++) {
            RandomMcp random = new RandomMcp(seed);
            McpPolicy policy = RandomMcp.policy(random.fields());
            McpCall call = random.call();
            String word = policy.decide(call).isAllowed() ? "Allowed" : "Denied";
            assertThat(policy.explain(call))
                    .as("seed %d", seed)
                    .startsWith(word + ": ")
                    .matches("[ -~]+");
            assertThat(call.toString()).as("seed %d", seed).matches("[ -~]+");
        }
    }

    /** The call in every place that it might be about. */
    private static List<McpCall> somewhere(McpCall call) {
        List<String> elsewhere = new ArrayList<>(RandomMcp.PLACES);
        elsewhere.add("elsewhere");
        List<McpCall> calls = new ArrayList<>();
        for (String project : call.project() == null ? elsewhere : List.of(call.project())) {
            for (String instance : call.instance() == null ? elsewhere : List.of(call.instance())) {
                calls.add(call.inProject(project).onInstance(instance));
            }
        }
        return calls;
    }

    private static boolean isAllowed(String outcome) {
        return outcome.equals("ALLOWED");
    }

    private static String outcome(McpDecision decision) {
        return decision instanceof McpDecision.Denied denied ? denied.reason().name() : "ALLOWED";
    }

    private static String story(long seed, McpOracle.Fields fields, McpCall call) {
        return "seed " + seed + ": " + fields + " and " + call + " in " + call.project() + " on " + call.instance()
                + ", " + call.effect();
    }
}
