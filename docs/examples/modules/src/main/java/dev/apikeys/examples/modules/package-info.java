/** An application on the module path. */
@NullMarked
package dev.apikeys.examples.modules;

import org.jspecify.annotations.NullMarked;
