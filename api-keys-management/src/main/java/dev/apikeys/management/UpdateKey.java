package dev.apikeys.management;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeyUpdate;
import dev.apikeys.Scopes;
import java.util.Optional;

/**
 * Changes a key that the caller may see. Absent fields stay as they were. The caller must be allowed to grant the
 * scopes in the request.
 */
final class UpdateKey implements Command<ApiKey> {
    private final KeyService keys;
    private final Grants grants;

    UpdateKey(KeyService keys, Grants grants) {
        this.keys = keys;
        this.grants = grants;
    }

    @Override
    public Result<ApiKey> run(Call call) {
        return call.key().then(ref -> {
            FieldChecks checks = new FieldChecks(call.input());
            Optional<String> name = new KeyFields(checks).name();
            KeyUpdate update = KeyUpdate.nothing().mcp(McpChecks.change(checks));
            KeyUpdate named = name.isPresent() ? update.named(name.get()) : update;
            return granted(call, checks)
                    .then(scopes ->
                            checks.unlessViolated(scopes.map(named::scopes).orElse(named)))
                    .then(valid -> call.ifStillLoggedIn().map(same -> keys.update(ref, valid, call.actor())));
        });
    }

    private Result<Optional<Scopes>> granted(Call call, FieldChecks checks) {
        if (!checks.has(Field.SCOPES)) {
            return Result.done(Optional.empty());
        }
        return grants.scopes(call.session(), call.visible().owner().orElseThrow())
                .map(grantable -> new KeyFields(checks).granted(grantable));
    }
}
