/** Records in compacted topics, erased by tombstones. */
@NullMarked
package dev.lethe.worker.store.kafka;

import org.jspecify.annotations.NullMarked;
