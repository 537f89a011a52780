/**
 * Servers, HTTP clients and a browser for the tests of this project.
 */
@NullMarked
package dev.apikeys.testservers;

import org.jspecify.annotations.NullMarked;
