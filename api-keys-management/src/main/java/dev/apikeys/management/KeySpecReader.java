package dev.apikeys.management;

import dev.apikeys.Grant;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyOptions;
import dev.apikeys.KeyOptions.SelfRevocation;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Owner;
import dev.apikeys.Scopes;
import dev.apikeys.mcp.McpPolicy;
import java.util.Optional;

/** Reads the spec of a new key, for each family. */
final class KeySpecReader {
    private KeySpecReader() {}

    /** A key of the caller, with a mode. */
    static CreateKey.SpecReader personal(KeyService keys) {
        return (call, checks) -> {
            KeyFields fields = new KeyFields(checks);
            KeySpec named =
                    fields.named(KeySpec.of(KeyKind.PERSONAL, call.session().owner()));
            KeySpec limited = fields.allowedFrom(fields.expiring(fields.withMode(named), keys.policy()));
            return Result.done(fields.ending(limited, keys));
        };
    }

    /** A key of the caller, in one of the caller's organizations and workspaces, with scopes. */
    static CreateKey.SpecReader workspace(KeyService keys, Grants grants) {
        ReadableNames names = new ReadableNames();
        return (call, checks) -> {
            KeyFields fields = new KeyFields(checks);
            Optional<String> name = fields.name();
            boolean selfRevoking = checks.on(Field.SELF_REVOCATION).orElse(false);
            Optional<Owner> owner = fields.place(call.session());
            KeySpec placed =
                    KeySpec.of(KeyKind.WORKSPACE, owner.orElse(call.session().owner()));
            KeySpec limited = fields.ending(fields.allowedFrom(placed), keys);
            if (owner.isEmpty()) {
                fields.scopes();
                return Result.done(limited);
            }
            return grants.scopes(call.session(), owner.get())
                    .map(grantable -> limited.uniquelyNamed(name.orElseGet(names::next))
                            .with(KeyOptions.DEFAULT.with(
                                    selfRevoking ? SelfRevocation.ALLOWED : SelfRevocation.REFUSED))
                            .granting(Grant.of(fields.granted(grantable).orElse(grantable))));
        };
    }

    /** A key of the caller's organization, with scopes and a policy for agents. */
    static CreateKey.SpecReader tenant(KeyService keys, Grants grants) {
        return (call, checks) -> {
            Owner owner = call.visible().owner().orElseThrow();
            return grants.scopes(call.session(), owner).map(grantable -> {
                KeyFields fields = new KeyFields(checks);
                KeySpec named = fields.named(KeySpec.of(KeyKind.ORGANIZATION, owner));
                Scopes granted = fields.granted(grantable).orElse(Scopes.NONE);
                KeyOptions options = fields.labelled(KeyOptions.DEFAULT)
                        .with(McpChecks.change(checks).apply(McpPolicy.DEFAULT));
                return fields.ending(fields.allowedFrom(named), keys)
                        .granting(Grant.of(granted))
                        .with(options);
            });
        };
    }
}
