/** Looking a configuration over before anybody is erased by it. */
@NullMarked
package dev.lethe.worker.check;

import org.jspecify.annotations.NullMarked;
