/**
 * FusionAuth, simulated in memory as far as deletion of users and webhooks go: transactions, time-outs, signatures and errors as
 * the real one has them.
 */
@NullMarked
package dev.lethe.quickstart.fusionauth;

import org.jspecify.annotations.NullMarked;
