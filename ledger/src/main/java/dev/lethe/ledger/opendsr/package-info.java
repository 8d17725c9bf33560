/** Lethe as a processor of OpenDSR 2.0: other tools request erasures, withdraw them in time, and are told what becomes of them. */
@NullMarked
package dev.lethe.ledger.opendsr;

import org.jspecify.annotations.NullMarked;
