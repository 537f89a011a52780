package dev.apikeys.cli;

import dev.apikeys.Grant;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Issues a key. */
@Command(
        name = "issue",
        description = {
            "Issues a key. Its token is shown once: on the output, or in a new file.",
            "Everything else goes to the messages (standard error), so that the output can be given on."
        },
        footer = {
            "",
            "Examples:",
            "  api-keys-cli issue --for-user alice --for-organization org_1 --name CRM --mode read",
            "  api-keys-cli issue --for-organization org_1 --name CI --scope read:systems --never-expires --out ci.key"
        })
final class IssueCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "What people call the key.")
    private String name = "";

    @Mixin
    private final OwnerOptions owner = new OwnerOptions();

    @Mixin
    private final GrantOptions grant = new GrantOptions();

    @Mixin
    private final LifetimeOptions lifetime = new LifetimeOptions();

    @Option(
            names = "--allow-from",
            paramLabel = "ADDRESS",
            split = ",",
            description = "An address or block that it may be used from, such as 203.0.113.0/24. May be repeated.")
    private final List<String> allowedFrom = new ArrayList<>();

    @Mixin
    private final TokenTarget target = new TokenTarget();

    @Mixin
    private final MakingOptions making = new MakingOptions();

    IssueCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Grant wanted = grant.grant().orElseThrow(() -> CommandException.usage("give --mode or --scope"));
        KeySpec spec = lifetime.apply(owner.spec())
                .named(name)
                .granting(wanted)
                .allowedFrom(allowedFrom.toArray(String[]::new))
                .createdBy(making.actor());
        try (OpenDatabase database = session.open(making.service())) {
            IssuedKey issued = target.deliver(session, () -> database.keys().issue(spec));
            session.output()
                    .message("Issued " + issued.key().name() + ", key id "
                            + issued.key().id() + ", "
                            + (issued.key().expiresAt() == null
                                    ? "without an end."
                                    : "until " + KeyLine.shown(issued.key().expiresAt()) + "."));
            return Exit.OK.code();
        }
    }
}
