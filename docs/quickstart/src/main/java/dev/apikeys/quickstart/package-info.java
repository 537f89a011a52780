/**
 * The runnable example: a small application with users, sessions and an API, and the code that adds API keys to it.
 *
 * <p>{@link dev.apikeys.quickstart.Quickstart} is where the parts are put together; the rest is the demo application.
 */
@NullMarked
package dev.apikeys.quickstart;

import org.jspecify.annotations.NullMarked;
