/** Fictional people and what two fictional companies' databases know of them. */
@NullMarked
package dev.lethe.quickstart.sample;

import org.jspecify.annotations.NullMarked;
