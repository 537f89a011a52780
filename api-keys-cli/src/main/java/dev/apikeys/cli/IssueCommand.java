package dev.apikeys.cli;

import dev.apikeys.Grant;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeySpec;
import java.util.Map;
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
            "  api-keys-cli issue --for-organization org_1 --name CI --scope read:systems --out ci.key"
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
    private final BoundOptions bounds = new BoundOptions();

    @Mixin
    private final MetadataOptions metadata = new MetadataOptions();

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
        KeySpec named = owner.spec().named(name).granting(wanted).createdBy(making.actor());
        for (Map.Entry<String, String> entry : metadata.entries().entrySet()) {
            named = named.metadata(entry.getKey(), entry.getValue());
        }
        KeySpec unbound = named;
        try (OpenDatabase database = session.open(making.service())) {
            KeySpec spec = bounds.apply(unbound, database.keys().now());
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
