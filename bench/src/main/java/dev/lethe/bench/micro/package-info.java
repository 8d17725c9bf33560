/** What single steps cost, by JMH. */
@NullMarked
package dev.lethe.bench.micro;

import org.jspecify.annotations.NullMarked;
