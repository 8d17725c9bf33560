/** {@code lethe webhook}: tells FusionAuth to call the ingress, and shows whether it does. */
@NullMarked
package dev.lethe.ingress.webhook;

import org.jspecify.annotations.NullMarked;
