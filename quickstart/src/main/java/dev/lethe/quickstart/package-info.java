/** Everything on one machine: real servers, a FusionAuth simulator, ingress and worker, and one deletion to watch. */
@NullMarked
package dev.lethe.quickstart;

import org.jspecify.annotations.NullMarked;
