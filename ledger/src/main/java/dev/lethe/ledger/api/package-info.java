/** The same for programs: JSON, described by an OpenAPI document. */
@NullMarked
package dev.lethe.ledger.api;

import org.jspecify.annotations.NullMarked;
