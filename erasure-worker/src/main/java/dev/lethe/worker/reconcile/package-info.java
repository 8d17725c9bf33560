/** Looking in stores for people whom the identity provider does not know any more. */
@NullMarked
package dev.lethe.worker.reconcile;

import org.jspecify.annotations.NullMarked;
