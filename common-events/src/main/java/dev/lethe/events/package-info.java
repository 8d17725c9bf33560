/**
 * The wire contract of Lethe: what stands in the topics, how it is encoded and sealed, and which topics there are. Nothing
 * here does input or output.
 */
@NullMarked
package dev.lethe.events;

import org.jspecify.annotations.NullMarked;
