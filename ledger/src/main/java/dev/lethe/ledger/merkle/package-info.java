/** An append-only Merkle tree as RFC 6962 defines it: roots, proofs, and signed checkpoints. */
@NullMarked
package dev.lethe.ledger.merkle;

import org.jspecify.annotations.NullMarked;
