/** Configuration files: YAML with {@code ${ENV}}, all problems at once, secrets that never print. */
@NullMarked
package dev.lethe.config;

import org.jspecify.annotations.NullMarked;
