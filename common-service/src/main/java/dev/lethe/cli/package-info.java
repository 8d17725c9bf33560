/** The command line: {@code lethe COMMAND}, with every command that is on the class path. */
@NullMarked
package dev.lethe.cli;

import org.jspecify.annotations.NullMarked;
