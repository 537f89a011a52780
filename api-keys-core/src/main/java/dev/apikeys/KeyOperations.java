package dev.apikeys;

/** What a service can do with keys besides verification. */
record KeyOperations(
        KeyIssuer issuer,
        KeyTransfer transfer,
        KeyChanges changes,
        Revocations revocations,
        Grantability grants,
        LaterReports reports) {}
