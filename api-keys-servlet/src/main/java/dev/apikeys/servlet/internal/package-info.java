/**
 * What the HTTP modules of this library share. Not for hosts: exported to those modules alone, and free to change.
 */
@NullMarked
package dev.apikeys.servlet.internal;

import org.jspecify.annotations.NullMarked;
