/** The Kafka cluster as services see it: connection properties, and whether its topics keep Lethe's promises. */
@NullMarked
package dev.lethe.kafka;

import org.jspecify.annotations.NullMarked;
