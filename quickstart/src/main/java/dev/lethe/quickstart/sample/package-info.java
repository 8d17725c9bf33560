/** Fictional people and what two fictional companies know of them. */
@NullMarked
package dev.lethe.quickstart.sample;

import org.jspecify.annotations.NullMarked;
