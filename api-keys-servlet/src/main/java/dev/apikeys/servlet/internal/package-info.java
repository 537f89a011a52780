/**
 * Code that the HTTP modules of this library share. Hosts must not use it: it is exported to those modules only, and
 * may change.
 */
@NullMarked
package dev.apikeys.servlet.internal;

import org.jspecify.annotations.NullMarked;
