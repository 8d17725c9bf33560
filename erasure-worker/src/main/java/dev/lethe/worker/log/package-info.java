/** Topics read beside the lanes, in no group: the erasure log as a file, from one end to the other, and small topics for as long as a worker runs. */
@NullMarked
package dev.lethe.worker.log;

import org.jspecify.annotations.NullMarked;
