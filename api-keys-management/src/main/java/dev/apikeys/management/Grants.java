package dev.apikeys.management;

import dev.apikeys.KeyService;
import dev.apikeys.Owner;
import dev.apikeys.Scope;
import dev.apikeys.Scopes;
import dev.apikeys.management.ScopeCatalogue.Grantable;
import dev.apikeys.management.ScopeCatalogue.ScopeGroup;
import java.io.InterruptedIOException;
import java.net.http.HttpTimeoutException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scopes that the caller may grant to a key of this owner: those of the host's catalogue, without those that no key
 * of the owner can have.
 *
 * <p>Thread-safe.
 */
final class Grants {
    private static final Logger LOG = LoggerFactory.getLogger(Grants.class);
    /** Causes may go round in a circle. */
    private static final int MAX_CAUSES = 50;

    private final KeyService keys;
    private final ScopeCatalogue catalogue;

    Grants(KeyService keys, ScopeCatalogue catalogue) {
        this.keys = keys;
        this.catalogue = Objects.requireNonNull(catalogue, "catalogue");
    }

    /** The groups in display order, without empty ones. */
    Result<List<ScopeGroup>> groups(Caller.Session caller, Owner owner) {
        return asked(caller, owner).then(answer -> {
            if (answer instanceof Grantable.Groups granted) {
                return Result.done(possible(owner, granted.groups()));
            }
            return Result.failed(
                    answer instanceof Grantable.UpgradeRequired
                            ? ManagementProblem.Plain.UPGRADE_REQUIRED
                            : ManagementProblem.Plain.FORBIDDEN);
        });
    }

    /** The scopes of all groups. */
    Result<Scopes> scopes(Caller.Session caller, Owner owner) {
        return groups(caller, owner).map(ScopeGroup::scopesOf);
    }

    private List<ScopeGroup> possible(Owner owner, List<ScopeGroup> groups) {
        Scopes refused = keys.notGrantable(owner, ScopeGroup.scopesOf(groups));
        return groups.stream()
                .map(group -> new ScopeGroup(
                        group.resource(),
                        group.actions().stream()
                                .filter(action -> !refused.covers(new Scope(action, group.resource())))
                                .toList()))
                .filter(group -> !group.actions().isEmpty())
                .toList();
    }

    private Result<Grantable> asked(Caller.Session caller, Owner owner) {
        try {
            return Result.done(
                    Objects.requireNonNull(catalogue.grantable(caller, owner), "the scope catalogue returned null"));
        } catch (Exception failure) {
            // Only the class of the exception: a message of the host's identity client may quote its input.
            LOG.warn("The scope catalogue failed: {}", failure.getClass().getName());
            return Result.failed(
                    isTimeout(failure)
                            ? ManagementProblem.Plain.IDENTITY_TIMED_OUT
                            : ManagementProblem.Plain.IDENTITY_FAILED);
        }
    }

    private static boolean isTimeout(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++, cause = cause.getCause()) {
            if (cause instanceof TimeoutException
                    || cause instanceof InterruptedIOException
                    || cause instanceof HttpTimeoutException) {
                return true;
            }
        }
        return false;
    }
}
