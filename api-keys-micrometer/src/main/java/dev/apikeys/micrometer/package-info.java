/** Meters of a key service for Micrometer. */
@NullMarked
package dev.apikeys.micrometer;

import org.jspecify.annotations.NullMarked;
