/** Erases by asking other services over HTTP. */
@NullMarked
package dev.lethe.worker.store.http;

import org.jspecify.annotations.NullMarked;
