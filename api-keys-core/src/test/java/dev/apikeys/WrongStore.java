package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Stores with one fault each, and the tests of the contract that find it. */
@SuppressWarnings("ImmutableEnumChecker") // A function without a state, and a list that can't be changed.
enum WrongStore {
    REVOCATION_TELLS_OF_CURRENT_TOKENS_ONLY(
            memory -> WrongFeeds.tellingCurrentTokens(memory, WrongFeeds::isRevocation),
            "feed_revocationAfterARotation_tellsOfBothTokens"),
    PAUSE_TELLS_OF_CURRENT_TOKENS_ONLY(
            memory -> WrongFeeds.tellingCurrentTokens(memory, WrongFeeds::isPause),
            "feed_pauseAfterARotation_tellsOfBothTokens"),
    RESUMPTION_TELLS_OF_CURRENT_TOKENS_ONLY(
            memory -> WrongFeeds.tellingCurrentTokens(memory, WrongFeeds::isResumption),
            "feed_resumptionAfterARotation_tellsOfBothTokens"),
    UPDATE_TELLS_OF_CURRENT_TOKENS_ONLY(
            memory -> WrongFeeds.tellingCurrentTokens(memory, WrongFeeds::isUpdate),
            "feed_updatesAfterARotation_tellOfBothTokens"),
    RESUMPTION_IS_NOT_TOLD(
            memory -> WrongFeeds.silent(memory, WrongFeeds::isResumption),
            "feed_resumptionAfterARotation_tellsOfBothTokens"),
    UPDATE_IS_NOT_TOLD(
            memory -> WrongFeeds.silent(memory, WrongFeeds::isUpdate), "feed_updatesAfterARotation_tellOfBothTokens"),

    NOTES_UNDO_CONCURRENT_REVOCATIONS(
            memory -> new OverwritingStore(memory, OverwritingStore.Read.BEFORE_THE_NEXT_CHANGE),
            "recordUses_againstARevocation_neverUndoIt",
            "recordMcpSession_againstARevocation_neverUndoesIt"),
    NOTES_UNDO_EARLIER_REVOCATIONS(
            memory -> new OverwritingStore(memory, OverwritingStore.Read.AT_FIRST),
            "recordUses_ofARevokedKey_areStoredAndLeaveItRevoked",
            "recordMcpSession_ofARevokedKey_leavesItRevoked"),

    REHASH_REMOVES_THE_END(WrongTokens::forgettingEnds, "rehash_ofATokenInGrace_replacesItsHashAndKeepsItsEnd"),
    REHASH_REFUSES_TOKENS_IN_GRACE(
            memory -> WrongTokens.notReplacing(memory, found -> found.validUntil() != null),
            "rehash_ofATokenInGrace_replacesItsHashAndKeepsItsEnd"),
    REHASH_REFUSES_PAUSED_KEYS(
            memory -> WrongTokens.notReplacing(memory, found -> found.key().pausedAt() != null),
            "rehash_ofAPausedKey_replacesItsHash"),
    REHASH_REPLACES_BOTH_HASHES(
            WrongTokens::replacingBoth,
            "rehash_ofATokenInGrace_replacesItsHashAndKeepsItsEnd",
            "rehash_ofTheCurrentToken_leavesTheOneInGrace"),

    NOTHING_IS_MISSING(
            memory -> WrongTokens.missing(memory, ids -> Set.of()),
            "findMissing_amongPresentAndAbsentIds_givesTheAbsentOnes",
            "findMissing_manyIds_givesEachAbsentOne",
            "findMissing_keyThatMaintenanceRemoved_isMissing"),
    ONE_IS_MISSING_AT_MOST(
            memory -> WrongTokens.missing(memory, ids -> ids.stream().limit(1).collect(Collectors.toSet())),
            "findMissing_amongPresentAndAbsentIds_givesTheAbsentOnes",
            "findMissing_manyIds_givesEachAbsentOne"),
    TOKENS_IN_GRACE_ARE_MISSING(
            WrongTokens::missingTokensInGrace, "findMissing_amongPresentAndAbsentIds_givesTheAbsentOnes"),

    IMPORT_TAKES_OVER_TOKENS_IN_GRACE(
            WrongTransfers::takingOverTokensInGrace,
            "importKeys_currentTokenOfAnotherOwner_isAConflictInGraceToo",
            "importKeys_earlierTokenOfAnotherKey_isAConflictInGraceToo"),
    IMPORT_LEAVES_OUT_TAKEN_TOKENS(
            WrongTransfers::leavingOutTakenTokens, "importKeys_earlierTokenOfAnotherKey_isAConflictInGraceToo"),
    IMPORT_KEEPS_TOKENS_OF_REFUSED_KEYS(
            WrongTransfers::keepingTokensOfRefusedKeys,
            "importKeys_currentTokenOfAnotherOwnerBesideAFreeOne_storesNeither",
            "importKeys_earlierTokenOfAnotherKey_isAConflictInGraceToo"),
    IMPORT_KNOWS_CURRENT_TOKENS_ONLY(
            WrongTransfers::knowingCurrentTokensOnly, "importKeys_keyThatWasRotatedSince_isADuplicateAndStaysAsItIs"),
    IMPORT_STORES_USES_OF_DUPLICATES(
            WrongTransfers::storingUsesOfDuplicates, "importKeys_duplicateWithALaterUse_keepsTheStoredUse"),
    IMPORT_FORGETS_THE_HISTORY(WrongTransfers::forgettingTheHistory, "importKeys_keyWithAHistory_comesBackTheSame"),
    IMPORT_RAISES_THE_EPOCH(WrongTransfers::tellingImports, "epoch_importAndItsTrial_doNotRaiseIt"),

    EXPORT_LEAVES_OUT_REVOKED_KEYS(
            memory -> WrongTransfers.exporting(memory, key -> key.revocation() == null),
            "exportKeys_keysInEveryState_areGivenToo"),
    EXPORT_LEAVES_OUT_PAUSED_KEYS(
            memory -> WrongTransfers.exporting(memory, key -> key.pausedAt() == null),
            "exportKeys_keysInEveryState_areGivenToo"),
    EXPORT_LEAVES_OUT_USED_KEYS(
            memory -> WrongTransfers.exporting(memory, key -> key.lastUse() == null),
            "exportedKeys_importedAgain_areDuplicates"),
    TOKENS_IN_GRACE_ARE_NEITHER_EXPORTED_NOR_COUNTED(
            WrongTransfers::givingCurrentTokens,
            "exportKeys_keyInGrace_givesBothTokensUntilTheEarlierEnds",
            "importKeys_keyWithATokenInGrace_comesBackTheSame",
            "countHashes_tokenInGrace_isCountedToo");

    private final Function<InMemoryApiKeyStore, ApiKeyStore> fault;
    private final List<String> foundBy;

    WrongStore(Function<InMemoryApiKeyStore, ApiKeyStore> fault, String... foundBy) {
        this.fault = fault;
        this.foundBy = List.of(foundBy);
    }

    ApiKeyStore create() {
        return fault.apply(new InMemoryApiKeyStore());
    }

    /** The names of the tests. */
    List<String> foundBy() {
        return foundBy;
    }
}
