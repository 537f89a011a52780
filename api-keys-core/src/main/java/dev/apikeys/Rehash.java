package dev.apikeys;

import dev.apikeys.spi.SecretHash;

/** A stored hash of an older scheme, and its replacement. */
record Rehash(String publicId, SecretHash expected, SecretHash replacement) {}
