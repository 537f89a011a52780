/**
 * Interfaces to implement: the store, the directory of owners, step-up, the listener for events. Also the values that
 * pass between a store and the core. You don't need this package to use the library with its own stores.
 */
@NullMarked
package dev.apikeys.spi;

import org.jspecify.annotations.NullMarked;
