package dev.lethe.ingress.authentication;

import io.javalin.http.Context;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Reads headers on which a decision rests. */
final class RequestHeader {
    private RequestHeader() {}

    /** The header's value if it is there once. Of two, a proxy may have checked the other one. */
    static Optional<String> only(Context call, String name) {
        List<String> values = Collections.list(call.req().getHeaders(name));
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }
}
