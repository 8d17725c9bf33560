/** An OpenSearch node for tests, in a JVM of its own. */
@NullMarked
package dev.lethe.opensearch;

import org.jspecify.annotations.NullMarked;
