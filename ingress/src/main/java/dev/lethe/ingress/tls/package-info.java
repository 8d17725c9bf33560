/** HTTPS from PEM files, which may change while connections are open. */
@NullMarked
package dev.lethe.ingress.tls;

import org.jspecify.annotations.NullMarked;
