package dev.lethe.ledger.access;

import io.javalin.security.RouteRole;
import java.util.Locale;

/** What somebody may do, and what a route asks for. A route that asks for none of these is refused. */
public enum Role implements RouteRole {
    /** Whoever comes, signed in or not. */
    ANYBODY,
    /** Sees everything, and changes nothing. */
    VIEWER,
    /** Requests erasures, and settles dead letters, too. */
    OPERATOR,
    /** Requests erasures by OpenDSR, and sees and withdraws its own; nothing else. */
    CONTROLLER;

    /** Whether whoever has this role may do what asks for that one. */
    boolean covers(Role needed) {
        return needed == ANYBODY || this == needed || (this == OPERATOR && needed == VIEWER);
    }

    /** In lower case, as pages and records have it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
