/** The HTTP service that FusionAuth calls: authenticate, validate, publish, acknowledge. */
@NullMarked
package dev.lethe.ingress;

import org.jspecify.annotations.NullMarked;
