/** What stops a store's lanes when more is erased than should be, until a human lets them go on. */
@NullMarked
package dev.lethe.worker.brake;

import org.jspecify.annotations.NullMarked;
