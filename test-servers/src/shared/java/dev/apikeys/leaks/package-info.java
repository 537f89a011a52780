/** What tests look through for secrets. */
@NullMarked
package dev.apikeys.leaks;

import org.jspecify.annotations.NullMarked;
