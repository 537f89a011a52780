/**
 * API keys for Java services: issue, verify, limit, rotate and revoke.
 *
 * <pre>{@code
 * KeyService keys = KeyService.builder(store).build();
 * IssuedKey issued = keys.issue(KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ));
 * Verification v = keys.verify(presented); // a value, never an exception for a bad token
 * }</pre>
 *
 * <p>{@link dev.apikeys.KeyService} is the entry point. Interfaces that a host can implement, for example the store,
 * are in {@link dev.apikeys.spi}.
 */
@NullMarked
package dev.apikeys;

import org.jspecify.annotations.NullMarked;
