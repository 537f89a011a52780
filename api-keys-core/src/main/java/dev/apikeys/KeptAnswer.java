package dev.apikeys;

import dev.apikeys.spi.OwnerDirectory;

/** The answer of an accepted key for one state of its owner. */
record KeptAnswer(OwnerDirectory.State state, Verification.Accepted answer) {}
