package dev.apikeys;

import dev.apikeys.spi.NewKey.NameRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The key to issue: {@code KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ)}. Name and grant are
 * required. Everything else has a default: expiry from the {@link KeyPolicy}, every client address, created by the
 * owner.
 *
 * <p>Immutable and thread-safe: every method gives a new value.
 */
public final class KeySpec {
    private final KeyKind kind;
    private final Owner owner;
    private final @Nullable String name;
    private final @Nullable Grant grant;
    private final Lifetime lifetime;
    private final List<IpRange> allowedFrom;
    private final KeyOptions options;
    private final NameRule nameRule;
    private final Actor creator;

    private KeySpec(
            KeyKind kind,
            Owner owner,
            @Nullable String name,
            @Nullable Grant grant,
            Lifetime lifetime,
            List<IpRange> allowedFrom,
            KeyOptions options,
            NameRule nameRule,
            Actor creator) {
        this.kind = kind;
        this.owner = owner;
        this.name = name;
        this.grant = grant;
        this.lifetime = lifetime;
        this.allowedFrom = allowedFrom;
        this.options = options;
        this.nameRule = nameRule;
        this.creator = creator;
    }

    /** When a key ends. */
    sealed interface Lifetime {
        /** After the default lifetime of the policy. */
        record Usual() implements Lifetime {}

        /** So long after its issue. */
        record For(Duration duration) implements Lifetime {}

        /** At this instant. */
        record Until(Instant end) implements Lifetime {}

        /** Never. */
        record Unlimited() implements Lifetime {}
    }

    /**
     * A personal key of a user of a host without organizations.
     *
     * @throws IllegalArgumentException when the id is blank, too long or holds a control character
     */
    public static KeySpec forUser(String user) {
        return of(KeyKind.PERSONAL, Owner.user(user));
    }

    /**
     * A personal key of a user inside an organization.
     *
     * @throws IllegalArgumentException when an id is blank, too long or holds a control character
     */
    public static KeySpec forUser(String user, String organization) {
        return of(KeyKind.PERSONAL, Owner.user(user, organization));
    }

    /**
     * A key of a user inside a workspace.
     *
     * @throws IllegalArgumentException when an id is blank, too long or holds a control character
     */
    public static KeySpec forWorkspace(String user, String organization, String workspace) {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(organization, "organization");
        Objects.requireNonNull(workspace, "workspace");
        return of(KeyKind.WORKSPACE, new Owner(user, organization, workspace));
    }

    /**
     * A key of an organization.
     *
     * @throws IllegalArgumentException when the id is blank, too long or holds a control character
     */
    public static KeySpec forOrganization(String organization) {
        return of(KeyKind.ORGANIZATION, Owner.organization(organization));
    }

    /**
     * A key of any kind and owner.
     *
     * @throws IllegalArgumentException when a personal or workspace key has no user, or an organization key none or a
     *     user
     */
    public static KeySpec of(KeyKind kind, Owner owner) {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(owner, "owner");
        boolean userNeeded = kind != KeyKind.ORGANIZATION;
        if (userNeeded != (owner.user() != null)) {
            throw new IllegalArgumentException(
                    "a key of kind " + kind + (userNeeded ? " needs a user" : " has no user") + " as owner");
        }
        return new KeySpec(
                kind,
                owner,
                null,
                null,
                new Lifetime.Usual(),
                List.of(),
                KeyOptions.DEFAULT,
                NameRule.ANY,
                Actor.of(owner.displayId()));
    }

    /**
     * The name for people. Blanks around it are removed.
     *
     * @throws IllegalArgumentException if it doesn't have 1 to 255 characters, or has a control character
     */
    public KeySpec named(String name) {
        return new KeySpec(
                kind, owner, KeyName.checked(name), grant, lifetime, allowedFrom, options, nameRule, creator);
    }

    /** Grants what the mode stands for. */
    public KeySpec mode(Mode mode) {
        return granting(Grant.of(mode));
    }

    /**
     * Grants exactly these scopes, each {@code verb:resource}. Without any, the key has no scope.
     *
     * @throws IllegalArgumentException when one is not a scope
     */
    public KeySpec scopes(String... scopes) {
        return granting(Grant.of(Scopes.of(scopes)));
    }

    /** Grants by mode or by scopes. */
    public KeySpec granting(Grant grant) {
        Objects.requireNonNull(grant, "grant");
        return new KeySpec(kind, owner, name, grant, lifetime, allowedFrom, options, nameRule, creator);
    }

    /**
     * Ends the key so long after its issue.
     *
     * @throws IllegalArgumentException when it is not positive
     */
    public KeySpec expiresIn(Duration duration) {
        Objects.requireNonNull(duration, "duration");
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("a key's lifetime is positive: " + duration);
        }
        return living(new Lifetime.For(duration));
    }

    /**
     * Ends the key at this instant.
     *
     * @throws IllegalArgumentException when its year is none from 0 to 9999
     */
    public KeySpec expiresAt(Instant end) {
        Objects.requireNonNull(end, "end");
        return living(new Lifetime.Until(ApiKey.givenTime(end)));
    }

    /** Lets the key live until it is revoked, if the {@link KeyPolicy} allows that for its kind. */
    public KeySpec neverExpires() {
        return living(new Lifetime.Unlimited());
    }

    /**
     * Limits the key to client addresses.
     *
     * @param ranges as in {@link IpRange#parse}; none: from everywhere
     * @throws IllegalArgumentException when one is no address or block, or there are more than
     *     {@value ApiKey#MAX_ALLOWED_FROM}
     */
    public KeySpec allowedFrom(String... ranges) {
        Objects.requireNonNull(ranges, "ranges");
        return new KeySpec(kind, owner, name, grant, lifetime, IpRange.distinct(ranges), options, nameRule, creator);
    }

    /** Sets the options besides the grant; default {@link KeyOptions#DEFAULT}. */
    public KeySpec with(KeyOptions options) {
        Objects.requireNonNull(options, "options");
        return new KeySpec(kind, owner, name, grant, lifetime, allowedFrom, options, nameRule, creator);
    }

    /**
     * Adds an entry of metadata: a string of the host's own, which lists show and the library reads no meaning into.
     *
     * @param name 1 to {@value KeyOptions#MAX_METADATA_NAME_LENGTH} characters
     * @param value 1 to {@value KeyOptions#MAX_METADATA_VALUE_LENGTH} characters
     * @throws IllegalArgumentException when one of them is blank, too long or holds a control character, or there are
     *     more than {@value KeyOptions#MAX_METADATA_ENTRIES} entries
     */
    public KeySpec metadata(String name, String value) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
        // An empty value would remove the entry, and nobody would know.
        KeyOptions.DEFAULT.with(Map.of(name, value));
        return with(options.metadata(name, value));
    }

    /**
     * Rejects the new key with {@link NameTakenException} if the owner has an active key of the kind with this name,
     * compared exactly.
     */
    public KeySpec uniquelyNamed(String name) {
        return new KeySpec(
                kind, owner, KeyName.checked(name), grant, lifetime, allowedFrom, options, NameRule.UNIQUE, creator);
    }

    /** Who issues the key; without it the owner does. */
    public KeySpec createdBy(Actor actor) {
        Objects.requireNonNull(actor, "actor");
        return new KeySpec(kind, owner, name, grant, lifetime, allowedFrom, options, nameRule, actor);
    }

    /** The kind of the key. */
    public KeyKind kind() {
        return kind;
    }

    /** Whom the key will act for. */
    public Owner owner() {
        return owner;
    }

    /** The name; empty if none was set. */
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /** The grant; empty if none was set. */
    public Optional<Grant> grant() {
        return Optional.ofNullable(grant);
    }

    /** Who issues the key. */
    Actor creator() {
        return creator;
    }

    KeyOptions options() {
        return options;
    }

    NameRule nameRule() {
        return nameRule;
    }

    List<IpRange> allowedFrom() {
        return allowedFrom;
    }

    Lifetime lifetime() {
        return lifetime;
    }

    private KeySpec living(Lifetime newLifetime) {
        return new KeySpec(kind, owner, name, grant, newLifetime, allowedFrom, options, nameRule, creator);
    }
}
