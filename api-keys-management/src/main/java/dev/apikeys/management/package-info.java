/**
 * The endpoints with which users, tenants and administrators manage keys.
 *
 * <p>{@link dev.apikeys.management.ManagementServlet} is where to begin.
 */
@NullMarked
package dev.apikeys.management;

import org.jspecify.annotations.NullMarked;
