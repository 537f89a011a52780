package dev.apikeys;

import dev.apikeys.spi.ImportedTokens;
import java.util.Objects;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides about a presented token, in a chain of steps: parse, find the entry, check the secret, check the state, check
 * the owner, answer. The secret comes before the state, so that only a caller with the right secret can learn the
 * state. Memory alone is tried first ({@link MemoryDecision}).
 *
 * <p>Thread-safe.
 */
final class Verifier {
    private static final int MAX_ATTEMPTS = 5;

    private final LocalState state;
    private final SecretCheck secrets;
    private final Poller poller;
    private final Answers answers;
    private final MemoryDecision fromMemory;
    private final SampledTimer timer = new SampledTimer();

    Verifier(LocalState state, SecretCheck secrets, Poller poller, Answers answers) {
        this.state = state;
        this.secrets = secrets;
        this.poller = poller;
        this.answers = answers;
        this.fromMemory = new MemoryDecision(state, secrets, answers);
    }

    /**
     * Decides.
     *
     * @param required the worst freshness on which the request may be accepted
     */
    Verification verify(@Nullable String presented, ClientRequest request, Freshness required) {
        LongConsumer timed = timer.due();
        return timed == null
                ? Objects.requireNonNull(parse(presented, request, required))
                : verifyTimed(timed, presented, request, required);
    }

    private Verification verifyTimed(
            LongConsumer timed, @Nullable String presented, ClientRequest request, Freshness required) {
        long begin = state.lease().nanos();
        try {
            return Objects.requireNonNull(parse(presented, request, required));
        } finally {
            timed.accept(state.lease().nanos() - begin);
        }
    }

    /** Decides from memory; null when the store, the owner directory or a slow hash is needed for that. */
    @Nullable
    Verification verifyIfKnown(@Nullable String presented, ClientRequest request) {
        return parse(presented, request, null);
    }

    /** The id of the key that the token belongs to, whatever its state; null unless the secret is right. */
    @Nullable
    UUID holder(String presented) {
        PresentedToken token = secrets.begin();
        try {
            PublicId id = read(presented, token);
            CacheEntry entry = id == null ? null : state.cache().get(id.high(), id.low());
            return entry == null || fromMemory.checkSecret(entry, token) != null ? null : entry.keyId();
        } finally {
            secrets.end(token);
        }
    }

    /** Reads the secret of a token of this format or of another system, and gives its id; null for other text. */
    private @Nullable PublicId read(String presented, PresentedToken token) {
        TokenFormat format = state.imported().format();
        int idStart = format.idStart(presented);
        if (idStart >= 0 && format.read(presented, idStart, token)) {
            return new PublicId(token.idHigh(), token.idLow());
        }
        ImportedTokens.Parts parts = format.importedParts(presented);
        if (parts == null) {
            return null;
        }
        token.readSecret(parts.secret());
        return format.importedId(parts.lookup());
    }

    int slowHashesWaiting() {
        return secrets.slowWaiting();
    }

    /** From now on about one verification in 64 is timed. */
    void time(LongConsumer nanos) {
        timer.tell(nanos);
    }

    /** The first step. With no freshness required, memory alone is asked, and null is returned where that can't tell. */
    private @Nullable Verification parse(
            @Nullable String presented, ClientRequest request, @Nullable Freshness required) {
        int idStart = presented == null ? -1 : state.imported().format().idStart(presented);
        if (presented == null || idStart < 0) {
            return verifyImported(presented, request, required);
        }
        PresentedToken token = secrets.begin();
        try {
            return state.imported().format().read(presented, idStart, token)
                    ? decide(token.idHigh(), token.idLow(), token, request, required)
                    : verifyImported(presented, request, required);
        } finally {
            secrets.end(token);
        }
    }

    /** For text that isn't a token of this format: a token of another system, or none. */
    private @Nullable Verification verifyImported(
            @Nullable String presented, ClientRequest request, @Nullable Freshness required) {
        ImportedIds.Known known = presented == null ? null : state.imported().find(presented);
        if (presented != null && known != null) {
            return decide(new PublicId(known.high(), known.low()), known.secret(presented), request, required);
        }
        ImportedTokens.Parts parts =
                presented == null ? null : state.imported().format().importedParts(presented);
        if (presented == null || parts == null) {
            return answers.reject(state.imported().format().rejectionOf(presented));
        }
        PublicId id = state.imported().format().importedId(parts.lookup());
        Verification decided = decide(id, parts.secret(), request, required);
        if (decided instanceof Verification.Accepted) {
            state.imported().remember(presented, parts, id);
        }
        return decided;
    }

    private @Nullable Verification decide(
            PublicId id, String secret, ClientRequest request, @Nullable Freshness required) {
        PresentedToken token = secrets.begin();
        try {
            token.readSecret(secret);
            return decide(id.high(), id.low(), token, request, required);
        } finally {
            secrets.end(token);
        }
    }

    private @Nullable Verification decide(
            long idHigh, long idLow, PresentedToken token, ClientRequest request, @Nullable Freshness required) {
        Verification decided = fromMemory.of(idHigh, idLow, token, request);
        return decided != null || required == null
                ? decided
                : decideAsking(state.cache().get(idHigh, idLow), token, request, required);
    }

    /**
     * The steps behind parsing. A step that takes time, such as a question to the store, leads back to the first one,
     * so that a decision holds at one moment. A detached entry was changed or evicted, so it is found again without a
     * question.
     */
    private Verification decideAsking(
            CacheEntry first, PresentedToken token, ClientRequest request, Freshness required) {
        CacheEntry entry = first;
        OwnerView.Known asked = null;
        boolean storeIsAway = false;
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Rejection rejection = fromMemory.checkSecret(entry, token);
            if (rejection != null) {
                return answers.reject(entry, rejection, request);
            }
            long nanos = state.lease().nanos();
            long wallMillis = state.lease().wallMillis();
            Freshness freshness = state.lease().freshness(entry, nanos, wallMillis);
            if (freshness != Freshness.CONFIRMED && (entry.isDetached() || !storeIsAway)) {
                storeIsAway = !entry.isDetached() && !poller.confirmNow();
                entry = state.cache().get(entry.high(), entry.low());
                continue;
            }
            requireFreshness(freshness, required);
            long nowMillis = state.lease().nowMillis(nanos, wallMillis);
            rejection = MemoryDecision.checkState(entry, request, nowMillis);
            if (rejection != null) {
                return rejectState(entry, rejection, freshness, request);
            }
            requireKnownTime(entry, nowMillis);
            OwnerView.Known owner = asked != null ? asked : state.owners().known(entry.owner(), nanos, wallMillis);
            if (owner == null || isOutdated(owner, freshness, nanos, wallMillis)) {
                asked = state.owners().read(entry.owner(), owner);
                entry = state.cache().get(entry.high(), entry.low());
                continue;
            }
            if (!owner.state().isActive()) {
                return answers.reject(entry, Rejection.OWNER_INACTIVE, request);
            }
            state.cache().noteUse(entry, nanos);
            answers.noteUse(entry, nowMillis, request.address());
            return answers.accept(entry, owner.state(), freshness, nanos);
        }
        throw new StoreUnavailableException("what is known of the key did not stay confirmed for long enough");
    }

    private static void requireFreshness(Freshness freshness, Freshness required) {
        if (freshness.compareTo(required) > 0) {
            throw new StoreUnavailableException("the store can't confirm that the key is still good");
        }
    }

    /** A store's clock that jumped leaves open whether the key is over. */
    private void requireKnownTime(CacheEntry entry, long nowMillis) {
        if (state.lease().mayBeOver(entry, nowMillis)) {
            throw new StoreUnavailableException("the store's clock has jumped: whether the key is over can't be told");
        }
    }

    private Verification rejectState(
            CacheEntry entry, Rejection rejection, Freshness freshness, ClientRequest request) {
        boolean isFinal = rejection == Rejection.REVOKED || rejection == Rejection.EXPIRED;
        if (freshness != Freshness.CONFIRMED && !isFinal) {
            throw new StoreUnavailableException("the store can't confirm that the key is still rejected");
        }
        return answers.reject(entry, rejection, request);
    }

    /** Tells whether the owner's state was read before a change that every node may know by now. */
    private boolean isOutdated(OwnerView.Known owner, Freshness freshness, long nanos, long wallMillis) {
        return freshness == Freshness.CONFIRMED && !state.lease().isConfirmed(owner, nanos, wallMillis);
    }
}
