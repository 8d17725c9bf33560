/** What an erasing lane does with a batch: open the requests, have the store erase, tell what became of each. */
@NullMarked
package dev.lethe.worker.erase;

import org.jspecify.annotations.NullMarked;
