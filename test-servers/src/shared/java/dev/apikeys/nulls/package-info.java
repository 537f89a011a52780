/** A check of all modules' public methods; compiled with the tests of each module, since not all of them can depend on one. */
@NullMarked
package dev.apikeys.nulls;

import org.jspecify.annotations.NullMarked;
