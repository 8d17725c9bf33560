/** Is this call FusionAuth's? One class for each way in which it can show that. */
@NullMarked
package dev.lethe.ingress.authentication;

import org.jspecify.annotations.NullMarked;
