package dev.lethe.worker.store.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * What a service has answered.
 *
 * @param status the HTTP status
 * @param body as it came
 * @param now when it came
 */
record Answer(int status, HttpHeaders headers, String body, Instant now) {
    /** A service that asks for longer is asked again after this. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private static final ObjectMapper JSON = new ObjectMapper();

    boolean isDone() {
        return status >= 200 && status < 300 && !isAccepted();
    }

    /** Whether the service has only accepted the work. */
    boolean isAccepted() {
        return status == 202;
    }

    /** Whether there is nothing at the address, or nothing of the subject. */
    boolean isNotFound() {
        return status == 404 || status == 410;
    }

    /** The body; missing if it is not JSON. */
    JsonNode json() {
        try {
            JsonNode json = JSON.readTree(body);
            return json == null ? MissingNode.getInstance() : json;
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** How long to wait, in seconds or until a date (RFC 9110, section 10.2.3); empty if it does not say. */
    Optional<Duration> retryAfter() {
        return headers.firstValue("Retry-After")
                .flatMap(this::wait)
                .map(wait -> wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
    }

    private Optional<Duration> wait(String header) {
        try {
            return Optional.of(Duration.ofSeconds(Math.max(0, Long.parseLong(header.strip()))));
        } catch (NumberFormatException e) {
            return date(header).map(date -> date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO);
        }
    }

    private static Optional<Instant> date(String header) {
        try {
            return Optional.of(ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** A point in time in the body; empty if there is none that can be read. */
    Optional<Instant> instant(String field) {
        try {
            return Optional.of(ZonedDateTime.parse(json().path(field).asText()).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Where accepted work can be followed: the header {@code Location}, or {@code statusUrl} in the body. */
    Optional<URI> statusUrl(URI base) {
        String said =
                headers.firstValue("Location").orElse(json().path("statusUrl").asText());
        try {
            return said.isEmpty() ? Optional.empty() : Optional.of(base.resolve(said));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Without the body, which may repeat identifiers. */
    @Override
    public String toString() {
        return "Answer[" + status + "]";
    }
}
