/** A newsletter service that erases readers when Lethe asks it to: the receiving side of a store of kind {@code http}. */
@NullMarked
package dev.lethe.quickstart.newsletter;

import org.jspecify.annotations.NullMarked;
