/** Rules for text that several packages of the core share; not exported. */
@NullMarked
package dev.apikeys.text;

import org.jspecify.annotations.NullMarked;
