/** Certificates: made, signed, shown, and verified with nothing but the public key. */
@NullMarked
package dev.lethe.ledger.certificate;

import org.jspecify.annotations.NullMarked;
