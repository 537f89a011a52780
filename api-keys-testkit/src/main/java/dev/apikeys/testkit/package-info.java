/**
 * What tests need: {@link dev.apikeys.testkit.ApiKeyStoreContract} for stores, {@link dev.apikeys.testkit.FaultyStore} and
 * {@link dev.apikeys.testkit.SettableClock} for faults and time, and keys for the tests of a host.
 */
@NullMarked
package dev.apikeys.testkit;

import org.jspecify.annotations.NullMarked;
