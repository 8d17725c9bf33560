/** Buckets of Amazon S3 and of servers that speak its protocol: keys and prefixes, with every version of what is there. */
@NullMarked
package dev.lethe.worker.store.s3;

import org.jspecify.annotations.NullMarked;
