/** Erases documents from OpenSearch, and from Elasticsearch, which has the same calls. */
@NullMarked
package dev.lethe.worker.store.opensearch;

import org.jspecify.annotations.NullMarked;
