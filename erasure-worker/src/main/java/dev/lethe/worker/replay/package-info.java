/** Erasing once more what the log asked for, beside the lanes: for a store that was restored from a backup. */
@NullMarked
package dev.lethe.worker.replay;

import org.jspecify.annotations.NullMarked;
