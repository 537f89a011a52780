/**
 * The command line with which operators issue, find, change, move and revoke keys, and examine a database. A program, not
 * a library: nothing here but its {@code main} is for other programs to call.
 */
@NullMarked
package dev.apikeys.cli;

import org.jspecify.annotations.NullMarked;
