/** What the confirm lane does with a batch: ask the identity provider who is really gone, and let only those be erased. */
@NullMarked
package dev.lethe.worker.confirm;

import org.jspecify.annotations.NullMarked;
