package dev.apikeys;

import dev.apikeys.spi.SecretHash;

/** A stored hash of an older scheme, and the one to put in its place. */
record Rehash(String publicId, SecretHash expected, SecretHash replacement) {}
