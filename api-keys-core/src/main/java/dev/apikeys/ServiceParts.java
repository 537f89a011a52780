package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;

/** What a service consists of. */
record ServiceParts(
        ApiKeyStore store,
        ServiceSettings settings,
        LocalState state,
        Verifier verifier,
        KeyOperations operations,
        CleanUp cleanUp,
        Upkeep upkeep,
        Counters counters) {}
