/** The SPI: who tells whether a user still exists. One package below this one for each kind of identity provider. */
@NullMarked
package dev.lethe.worker.identity;

import org.jspecify.annotations.NullMarked;
