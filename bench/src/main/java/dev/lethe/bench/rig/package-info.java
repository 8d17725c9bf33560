/** What measurements are made with: services in JVMs of their own, servers, callers, and the limits that figures are compared with. */
@NullMarked
package dev.lethe.bench.rig;

import org.jspecify.annotations.NullMarked;
