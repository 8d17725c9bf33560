/** Real servers as child JVMs, which tests can kill, freeze and bring back, and which never outlive the JVM that started them. */
@NullMarked
package dev.lethe.quickstart.server;

import org.jspecify.annotations.NullMarked;
