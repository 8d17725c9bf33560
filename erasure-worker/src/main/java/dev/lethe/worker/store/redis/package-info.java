/** Keys, and members of hashes, sets, sorted sets and streams in Redis; erased in pipelines. */
@NullMarked
package dev.lethe.worker.store.redis;

import org.jspecify.annotations.NullMarked;
