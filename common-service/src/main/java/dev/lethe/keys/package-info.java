/** The key file on disk and the commands that make it. */
@NullMarked
package dev.lethe.keys;

import org.jspecify.annotations.NullMarked;
