package dev.apikeys.management;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyUpdate;
import dev.apikeys.Scopes;
import java.util.Optional;

/** Reads a change of a key, for each family. */
final class KeyUpdateReader {
    private KeyUpdateReader() {}

    /** Name, mode, addresses, expiry. */
    static ChangeKey.UpdateReader personal() {
        return (call, checks, key) -> {
            KeyFields fields = new KeyFields(checks);
            KeyUpdate update = common(fields);
            return Result.done(fields.mode().map(update::mode).orElse(update));
        };
    }

    /** Name, scopes, addresses, expiry. */
    static ChangeKey.UpdateReader workspace(Grants grants) {
        return (call, checks, key) -> {
            KeyUpdate update = common(new KeyFields(checks));
            return granted(grants, call, checks, key)
                    .map(scopes -> scopes.map(update::scopes).orElse(update));
        };
    }

    /** Name, scopes, addresses, expiry and the policy for agents. */
    static ChangeKey.UpdateReader tenant(Grants grants) {
        return (call, checks, key) -> {
            KeyUpdate update = common(new KeyFields(checks)).mcp(McpChecks.change(checks));
            return granted(grants, call, checks, key)
                    .map(scopes -> scopes.map(update::scopes).orElse(update));
        };
    }

    private static KeyUpdate common(KeyFields fields) {
        KeyUpdate update = fields.allowedFrom(KeyUpdate.nothing());
        KeyUpdate named = fields.name().map(update::named).orElse(update);
        return fields.end().map(named::expiresAt).orElse(named);
    }

    private static Result<Optional<Scopes>> granted(
            Grants grants, Call call, FieldChecks checks, Optional<ApiKey> key) {
        KeyFields fields = new KeyFields(checks);
        if (!checks.has(Field.SCOPES) || key.isEmpty()) {
            return Result.done(fields.scopes());
        }
        return grants.scopes(call.session(), key.get().owner()).map(fields::granted);
    }
}
