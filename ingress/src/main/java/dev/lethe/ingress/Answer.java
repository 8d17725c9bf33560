package dev.lethe.ingress;

import io.javalin.http.HttpStatus;
import java.util.Locale;

/** Every answer that a webhook call can get: the whole protocol, and the values of the metric's tag {@code outcome}. */
enum Answer {
    /** Committed to the log. */
    ACCEPTED(HttpStatus.OK),
    /** Committed, and shortens a wait: the deletion that was announced is complete. */
    NOTED(HttpStatus.OK),
    /** An event of another type or tenant: a 4xx would make FusionAuth roll back an operation that is none of our business. */
    IGNORED(HttpStatus.OK),
    UNAUTHENTICATED(HttpStatus.UNAUTHORIZED),
    /** Not JSON, or not an event. */
    INVALID(HttpStatus.BAD_REQUEST),
    TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE),
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE),
    /** The body did not come in time. */
    TOO_SLOW(HttpStatus.REQUEST_TIMEOUT),
    /** More at once than the ingress is to take: it refuses at once, so that what it has taken keeps its time. */
    OVERLOADED(HttpStatus.SERVICE_UNAVAILABLE),
    /** Not committed in time; the record may be in the log all the same. */
    NOT_COMMITTED(HttpStatus.SERVICE_UNAVAILABLE);

    private final HttpStatus status;

    Answer(HttpStatus status) {
        this.status = status;
    }

    HttpStatus status() {
        return status;
    }

    /** Whether the caller is asked to come again. */
    boolean isTemporary() {
        return status == HttpStatus.SERVICE_UNAVAILABLE;
    }

    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
