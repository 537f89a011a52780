package dev.apikeys.management;

import dev.apikeys.Owner;
import dev.apikeys.management.ScopeCatalogue.ScopeGroup;
import java.util.List;
import java.util.Optional;

/** The scopes that the caller may grant to a key, in the organization and workspace of the call. */
final class ListGrantable implements Command<List<ScopeGroup>> {
    private final Grants grants;

    ListGrantable(Grants grants) {
        this.grants = grants;
    }

    @Override
    public Result<List<ScopeGroup>> run(Call call) {
        FieldChecks checks = new FieldChecks(call.input());
        Optional<Owner> owner = new KeyFields(checks).place(call.session());
        return checks.unlessViolated(owner).then(valid -> grants.groups(call.session(), valid.orElseThrow()));
    }
}
