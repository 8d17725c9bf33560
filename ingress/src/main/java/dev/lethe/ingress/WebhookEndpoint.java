package dev.lethe.ingress;

import dev.lethe.events.ErasureRequest;
import dev.lethe.events.EventRecords;
import dev.lethe.events.Keys;
import dev.lethe.events.Subject;
import dev.lethe.events.Trigger;
import dev.lethe.ingress.authentication.Authentication;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /webhook-user-delete}: checks size, authentication, syntax and meaning, in this order, then publishes. */
final class WebhookEndpoint implements Handler {
    static final String PATH = "/webhook-user-delete";

    /** FusionAuth hangs up after its {@code readTimeout}, 2 s in its examples; by then it must have its answer. */
    private static final Duration BUDGET = Duration.ofMillis(1600);

    private static final String RETRY_AFTER_SECONDS = "1";
    private static final Logger log = LoggerFactory.getLogger(WebhookEndpoint.class);

    private final int maxBodyBytes;
    private final List<Authentication> authentications;
    private final EventReader reader;
    private final Keys keys;
    private final RequestLog requests;
    private final InstantSource clock;
    private final Period dueWithin;

    WebhookEndpoint(
            int maxBodyBytes,
            List<Authentication> authentications,
            EventReader reader,
            Keys keys,
            RequestLog requests,
            InstantSource clock,
            Period dueWithin) {
        this.maxBodyBytes = maxBodyBytes;
        this.authentications = List.copyOf(authentications);
        this.reader = reader;
        this.keys = keys;
        this.requests = requests;
        this.clock = clock;
        this.dueWithin = dueWithin;
    }

    @Override
    public void handle(Context ctx) throws IOException {
        long received = System.nanoTime();
        byte[] body = bodyOf(ctx);
        if (body == null) {
            refuse(
                    ctx,
                    HttpStatus.CONTENT_TOO_LARGE,
                    "[tooLarge]",
                    "the body is larger than " + maxBodyBytes + " bytes");
            return;
        }
        for (Authentication authentication : authentications) {
            Optional<String> refusal = authentication.refusal(ctx, body);
            if (refusal.isPresent()) {
                log.warn("Refused a call: {}", refusal.get());
                answer(ctx, HttpStatus.UNAUTHORIZED, Map.of("errors", List.of(Map.of("code", "[notAuthorized]"))));
                return;
            }
        }
        if (!isJson(ctx.contentType())) {
            refuse(ctx, HttpStatus.UNSUPPORTED_MEDIA_TYPE, "[unsupportedMediaType]", "send application/json");
            return;
        }
        try {
            switch (reader.read(body)) {
                case WebhookEvent.Ignored ignored -> {
                    log.debug("Ignored an event of another {}", ignored.reason());
                    answer(ctx, HttpStatus.OK, Map.of("status", "ignored"));
                }
                case WebhookEvent.Deletion deletion -> publish(ctx, requestOf(deletion), received);
            }
        } catch (InvalidEventException e) {
            log.warn("Refused a body with {}", e.getMessage());
            answer(ctx, HttpStatus.BAD_REQUEST, Map.of("errors", e.problems()));
        }
    }

    private ErasureRequest requestOf(WebhookEvent.Deletion deletion) {
        String tenantId =
                deletion.tenantId() == null ? null : deletion.tenantId().toString();
        var subject = new Subject(
                keys.subjectKey(tenantId, deletion.userId()), deletion.userId(), tenantId, deletion.identifiers());
        var trigger =
                new Trigger("fusionauth", deletion.type(), deletion.id(), deletion.tenantId(), deletion.createdAt());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return keys.seal(
                deletion.id(), now, now.atZone(ZoneOffset.UTC).plus(dueWithin).toInstant(), trigger, subject);
    }

    private void publish(Context ctx, ErasureRequest request, long received) {
        long left = BUDGET.toNanos() - (System.nanoTime() - received);
        ctx.future(() -> requests.append(request, ctx.header(EventRecords.TRACEPARENT))
                .orTimeout(left, TimeUnit.NANOSECONDS)
                .handle((committed, failure) -> {
                    acknowledge(ctx, request, failure);
                    return null;
                }));
    }

    private void acknowledge(Context ctx, ErasureRequest request, @Nullable Throwable failure) {
        if (failure == null) {
            log.info(
                    "Accepted {} of subject {}",
                    request.requestId(),
                    request.subject().key());
            answer(ctx, HttpStatus.OK, Map.of("status", "accepted", "requestId", request.requestId()));
        } else {
            log.warn(
                    "Not committed in time, asked to come again: {} of subject {}: {}",
                    request.requestId(),
                    request.subject().key(),
                    failure.getClass().getSimpleName());
            ctx.header("Retry-After", RETRY_AFTER_SECONDS);
            refuse(ctx, HttpStatus.SERVICE_UNAVAILABLE, "[unavailable]", "not committed in time; send the event again");
        }
    }

    /** The body, or null if it is too large; a larger one is not read to its end. */
    private byte @Nullable [] bodyOf(Context ctx) throws IOException {
        if (ctx.req().getContentLengthLong() > maxBodyBytes) {
            return null;
        }
        byte[] body = ctx.req().getInputStream().readNBytes(maxBodyBytes + 1);
        return body.length > maxBodyBytes ? null : body;
    }

    private static boolean isJson(@Nullable String contentType) {
        return contentType != null && contentType.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
    }

    private static void refuse(Context ctx, HttpStatus status, String code, String message) {
        answer(ctx, status, Map.of("errors", List.of(Map.of("code", code, "message", message))));
    }

    private static void answer(Context ctx, HttpStatus status, Object body) {
        ctx.status(status).json(body);
    }
}
