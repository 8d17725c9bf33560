/** MongoDB: documents, or elements of their arrays, found by fields that hold an identifier. */
@NullMarked
package dev.lethe.worker.store.mongodb;

import org.jspecify.annotations.NullMarked;
