/**
 * Endpoints with which gateways and services in other languages ask about API keys: introspection (RFC 7662), revocation
 * (RFC 7009) and forward authentication. {@link dev.apikeys.gateway.VerificationServlet} is where to start. Many nodes may
 * follow the changes of one database through a relay: {@link dev.apikeys.gateway.ChangeFeedServlet} and
 * {@link dev.apikeys.gateway.RelayClient}.
 */
@NullMarked
package dev.apikeys.gateway;

import org.jspecify.annotations.NullMarked;
