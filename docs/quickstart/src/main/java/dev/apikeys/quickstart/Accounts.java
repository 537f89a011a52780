package dev.apikeys.quickstart;

import dev.apikeys.Owner;
import dev.apikeys.Scope;
import dev.apikeys.Scopes;
import dev.apikeys.management.Caller;
import dev.apikeys.management.ScopeCatalogue;
import dev.apikeys.management.ScopeCatalogue.Grantable;
import dev.apikeys.management.ScopeCatalogue.ScopeGroup;
import dev.apikeys.password4j.PasswordStepUp;
import dev.apikeys.quickstart.Account.Role;
import dev.apikeys.spi.OwnerDirectory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The users of the demo. A real application has them in a table. This class tells the library whether an owner is
 * active, what the owner may do now, and which password hash step-up has to check.
 *
 * <p>Thread-safe.
 */
final class Accounts implements OwnerDirectory, PasswordStepUp.PasswordHashes, ScopeCatalogue {
    private static final Map<String, Set<String>> WORKSPACES =
            Map.of("org_a", Set.of("ws_a"), "org_b", Set.of("ws_b"), "org_root", Set.of());

    private static final List<ScopeGroup> IN_DISPLAY_ORDER =
            List.of(ScopeGroup.of("systems", "read", "manage", "destroy"), ScopeGroup.of("users", "read", "manage"));

    private static final Scopes EVERYTHING_IN_THE_DEMO =
            Scopes.of("read:systems", "read:users", "manage:systems", "manage:users", "destroy:systems");

    // Each password is "<name>-password"; Argon2id with 19 MiB and two passes, the least that OWASP recommends.
    private final Map<String, Account> accounts = List.of(
                    new Account(
                            "alice",
                            "org_a",
                            Role.MEMBER,
                            EVERYTHING_IN_THE_DEMO,
                            "$argon2id$v=19$m=19456,t=2,p=1$4cMobwvRvZpnMcBKuGIFQg$o3m60MJtrxDWeUAVL4skWdNH57FRJCSNsCNmiWpxgAc"),
                    new Account(
                            "bob",
                            "org_a",
                            Role.MEMBER,
                            Scopes.of("read:systems"),
                            "$argon2id$v=19$m=19456,t=2,p=1$Fi1dCOLiEnRMDBQSRfBO7A$Nbp+bTUV202RUBI6xyGnHkw5lRrL6/9/zcd6kGwf7vA"),
                    new Account(
                            "carol",
                            "org_b",
                            Role.MEMBER,
                            EVERYTHING_IN_THE_DEMO,
                            "$argon2id$v=19$m=19456,t=2,p=1$q68DvLvfFTkujeNJJhgbSQ$G55WWFg/jIFtqih3gNyW0GbKDm2XYyvzmY5IBCPPLgI"),
                    new Account(
                            "root",
                            "org_root",
                            Role.ADMINISTRATOR,
                            Scopes.ALL,
                            "$argon2id$v=19$m=19456,t=2,p=1$hbUvZZ+gQRCMgvIppKV1AQ$07f4QE4nX7tEg9l8vkldfkPYVzZtP5hHxmXQ6C26xSY"))
            .stream()
            .collect(Collectors.toUnmodifiableMap(Account::name, Function.identity()));

    private final Set<String> suspended = ConcurrentHashMap.newKeySet();

    /** Empty when there is no such user, or while the user is suspended. */
    Optional<Account> active(String name) {
        return find(name).filter(account -> !suspended.contains(name));
    }

    Optional<Account> find(String name) {
        return Optional.ofNullable(accounts.get(name));
    }

    void suspend(Account account) {
        suspended.add(account.name());
    }

    void resume(Account account) {
        suspended.remove(account.name());
    }

    /** A person may do what the account may do, and an organization may do everything in the demo. */
    @Override
    public State stateOf(Owner owner) {
        if (owner.user() == null) {
            return WORKSPACES.containsKey(owner.organization())
                    ? State.active(EVERYTHING_IN_THE_DEMO)
                    : State.inactive();
        }
        return active(owner.user())
                .filter(account -> isIn(account, owner))
                .map(account -> State.active(account.scopes()))
                .orElse(State.inactive());
    }

    /** The scopes that a person may grant to a key: those of the account that lists show. */
    @Override
    public Grantable grantable(Caller.Session caller, Owner owner) {
        return active(caller.user())
                .filter(account -> isIn(account, owner))
                .map(account -> Grantable.scopes(IN_DISPLAY_ORDER.stream()
                        .map(group -> new ScopeGroup(group.resource(), actions(account, group)))
                        .filter(group -> !group.actions().isEmpty())
                        .toList()))
                .orElse(Grantable.notAMember());
    }

    private static List<String> actions(Account account, ScopeGroup group) {
        return group.actions().stream()
                .filter(action -> account.scopes().covers(new Scope(action, group.resource())))
                .toList();
    }

    private static boolean isIn(Account account, Owner owner) {
        Set<String> workspaces = WORKSPACES.getOrDefault(account.organization(), Set.of());
        return (owner.organization() == null || owner.organization().equals(account.organization()))
                && (owner.workspace() == null || workspaces.contains(owner.workspace()));
    }

    /** The organization of a key: its own, or otherwise its user's. */
    String organizationOf(Owner owner) {
        return Optional.ofNullable(owner.organization())
                .or(() -> Optional.ofNullable(owner.user()).flatMap(this::find).map(Account::organization))
                .orElse("");
    }

    @Override
    public Optional<String> hashOf(String user) {
        return active(user).map(Account::passwordHash);
    }
}
