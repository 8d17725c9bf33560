/** The erasure log as a file: a part of it, read from one end to the other beside the lanes, in no group. */
@NullMarked
package dev.lethe.worker.log;

import org.jspecify.annotations.NullMarked;
