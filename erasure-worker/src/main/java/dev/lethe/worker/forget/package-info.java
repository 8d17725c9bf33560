/** Asking every store how much of one person is left. */
@NullMarked
package dev.lethe.worker.forget;

import org.jspecify.annotations.NullMarked;
