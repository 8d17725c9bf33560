/** FusionAuth as the one who tells whether a user still exists. */
@NullMarked
package dev.lethe.worker.identity.fusionauth;

import org.jspecify.annotations.NullMarked;
