/** How the lanes are doing, seen from outside: what Kafka knows of their groups, and what workers say of themselves. */
@NullMarked
package dev.lethe.worker.status;

import org.jspecify.annotations.NullMarked;
