package dev.apikeys.management;

import dev.apikeys.Owner;
import dev.apikeys.management.ScopeCatalogue.ScopeGroup;
import java.util.List;
import java.util.Optional;

/** The scopes that the caller may grant to a key of the owner that the call is about. */
final class ListGrantable implements Command<List<ScopeGroup>> {
    private final Grants grants;
    private final OwnerReader owners;

    ListGrantable(Grants grants, OwnerReader owners) {
        this.grants = grants;
        this.owners = owners;
    }

    /** Reads the owner. */
    @FunctionalInterface
    interface OwnerReader {
        /** Returns the owner; empty after it has noted a violation. */
        Optional<Owner> read(Call call, FieldChecks checks);
    }

    @Override
    public Result<List<ScopeGroup>> run(Call call) {
        FieldChecks checks = new FieldChecks(call.input());
        Optional<Owner> owner = owners.read(call, checks);
        return checks.unlessViolated(owner).then(valid -> grants.groups(call.session(), valid.orElseThrow()));
    }
}
