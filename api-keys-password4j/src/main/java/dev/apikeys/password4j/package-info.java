/**
 * Password hashes by Password4j: step-up by password, and the slow hashes of imported keys.
 */
@NullMarked
package dev.apikeys.password4j;

import org.jspecify.annotations.NullMarked;
