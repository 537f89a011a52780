/** Keys for the tests of an application on Spring: with a principal and no key, or with real keys and no database. */
@NullMarked
package dev.apikeys.spring.test;

import org.jspecify.annotations.NullMarked;
