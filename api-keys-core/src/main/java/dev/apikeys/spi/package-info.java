/**
 * What others implement: the store, the directory of owners, step-up, the listener for events; and the carriers that
 * pass between a store and the core. Nothing here is needed to use the library with the stores that it ships.
 */
@NullMarked
package dev.apikeys.spi;

import org.jspecify.annotations.NullMarked;
