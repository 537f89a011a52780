package dev.apikeys.management;

import dev.apikeys.KeyService;
import dev.apikeys.management.PolicyExplanation.Decided;
import dev.apikeys.management.ToolCatalogue.Tool;
import dev.apikeys.mcp.IdAllowlist;
import dev.apikeys.mcp.McpCall;
import dev.apikeys.mcp.McpDecision;
import dev.apikeys.mcp.McpMethod;
import dev.apikeys.mcp.McpPolicy;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Explains what the policy of the request's fields would decide, by the same function that guards calls. It changes nothing.
 *
 * <p>Thread-safe.
 */
final class ExplainPolicy implements Command<PolicyExplanation> {
    private static final Logger LOG = LoggerFactory.getLogger(ExplainPolicy.class);

    /** They stand for all tools where the host names none. */
    private static final List<Tool> MADE_UP = List.of(
            new Tool("a tool that reads", "a tool that reads", McpCall.Effect.READ_ONLY),
            new Tool("a tool that writes", "a tool that writes", McpCall.Effect.UNKNOWN));

    /** One for each permission that is not about tools. */
    private static final List<McpMethod> METHODS = List.of(
            McpMethod.RESOURCES_READ,
            McpMethod.PROMPTS_GET,
            McpMethod.COMPLETION_COMPLETE,
            McpMethod.SUBSCRIPTIONS_LISTEN,
            McpMethod.TASKS_GET,
            McpMethod.TASKS_UPDATE,
            McpMethod.TASKS_LIST,
            McpMethod.LOGGING_SET_LEVEL);

    private final KeyService keys;
    private final ToolCatalogue catalogue;

    ExplainPolicy(KeyService keys, ToolCatalogue catalogue) {
        this.keys = keys;
        this.catalogue = catalogue;
    }

    @Override
    public Result<PolicyExplanation> run(Call call) {
        FieldChecks checks = new FieldChecks(call.input());
        UnaryOperator<McpPolicy> change = McpChecks.change(checks);
        return checks.unlessViolated(call).then(this::present).map(present -> {
            McpPolicy valid = change.apply(present);
            List<Tool> known = known(call.session());
            Stream<Decided> tools = (known.isEmpty() ? MADE_UP : known)
                    .stream().map(tool -> decided(valid, called(tool), tool.title()));
            Stream<Decided> methods =
                    METHODS.stream().map(method -> decided(valid, McpCall.of(method.toString()), null));
            return new PolicyExplanation(
                    valid, !known.isEmpty(), Stream.concat(tools, methods).toList());
        });
    }

    /** The policy of the key that the request names; that of a new key if it names none. */
    private Result<McpPolicy> present(Call call) {
        if (call.input().get(Field.KEY) == null) {
            return Result.done(McpPolicy.DEFAULT);
        }
        return call.key()
                .then(ref -> keys.find(ref)
                        .map(key -> Result.done(key.options().mcp()))
                        .orElseGet(() -> Result.failed(ManagementProblem.Plain.KEY_NOT_FOUND)));
    }

    private List<Tool> known(Caller.Session caller) {
        try {
            return List.copyOf(catalogue.tools(caller));
        } catch (Exception failure) {
            // Only the class of the exception: a message of the host's client may quote its input.
            LOG.warn("The tool catalogue failed: {}", failure.getClass().getName());
            return List.of();
        }
    }

    private static McpCall called(Tool tool) {
        McpCall call = McpCall.tool(tool.name());
        return tool.effect() == McpCall.Effect.READ_ONLY ? call.knownReadOnly() : call;
    }

    private static Decided decided(McpPolicy policy, McpCall call, @Nullable String title) {
        McpCall inPlace = call.inProject(first(policy.getProjects())).onInstance(first(policy.getInstances()));
        return new Decided(
                inPlace,
                title,
                policy.decide(inPlace) instanceof McpDecision.Denied denied ? denied.reason() : null,
                policy.explain(inPlace));
    }

    private static @Nullable String first(IdAllowlist ids) {
        return ids.getIds().stream().findFirst().map(Object::toString).orElse(null);
    }
}
