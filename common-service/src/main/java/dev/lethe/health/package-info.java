/** The management port: is the service alive, is it ready, and if not, why. */
@NullMarked
package dev.lethe.health;

import org.jspecify.annotations.NullMarked;
