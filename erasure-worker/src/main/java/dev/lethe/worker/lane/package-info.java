/**
 * The engine: a lane is a consumer group, an optional constant delay, and a step that takes a batch. Knows Kafka, and no
 * store.
 */
@NullMarked
package dev.lethe.worker.lane;

import org.jspecify.annotations.NullMarked;
