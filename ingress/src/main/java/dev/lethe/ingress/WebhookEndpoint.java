package dev.lethe.ingress;

import dev.lethe.events.ErasureRequest;
import dev.lethe.events.EventRecords;
import dev.lethe.events.Keys;
import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.Trigger;
import dev.lethe.ingress.authentication.Authentication;
import dev.lethe.ingress.authentication.Refusal;
import dev.lethe.kafka.RequestLog;
import io.javalin.http.Context;
import io.javalin.http.Handler;
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
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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

    private final Capacity capacity;
    private final BodyReader bodies;
    private final List<Authentication> authentications;
    private final EventReader events;
    private final Keys keys;
    private final RequestLog requests;
    private final IngressMetrics metrics;
    private final Executor patient;
    private final InstantSource clock;
    private final Period dueWithin;

    /** @param patient runs what may have to wait for a caller */
    WebhookEndpoint(
            Capacity capacity,
            BodyReader bodies,
            List<Authentication> authentications,
            EventReader events,
            Keys keys,
            RequestLog requests,
            IngressMetrics metrics,
            Executor patient,
            InstantSource clock,
            Period dueWithin) {
        this.capacity = capacity;
        this.bodies = bodies;
        this.authentications = List.copyOf(authentications);
        this.events = events;
        this.keys = keys;
        this.requests = requests;
        this.metrics = metrics;
        this.patient = patient;
        this.clock = clock;
        this.dueWithin = dueWithin;
    }

    @Override
    public void handle(Context ctx) throws IOException {
        long received = System.nanoTime();
        if (BodyReader.isHere(ctx)) {
            ctx.future(() -> receive(ctx, received));
        } else {
            // Whoever dribbles may keep a virtual thread waiting, but none of those that serve the others.
            ctx.future(() ->
                    CompletableFuture.completedFuture(null).thenComposeAsync(begun -> receive(ctx, received), patient));
        }
    }

    /** Answers the call; the future completes when it has. */
    private CompletableFuture<Void> receive(Context ctx, long received) {
        Capacity.Share share = capacity.share();
        CompletableFuture<Void> answered;
        try {
            byte[] body = authenticatedBody(ctx, share);
            // As it stands there: to tell the content type, Jetty would look its charset up, and fail if there is none.
            requireJson(ctx.header("Content-Type"));
            share.count();
            answered = switch (events.read(body)) {
                case WebhookEvent.Ignored ignored -> {
                    log.debug("Ignored an event of another {}", ignored.reason());
                    yield answer(ctx, Answer.IGNORED, Map.of("status", "ignored"));
                }
                case WebhookEvent.Completion completion -> publish(ctx, completion, received);
                case WebhookEvent.Deletion deletion -> publish(ctx, requestOf(deletion), received);
            };
        } catch (RefusedException e) {
            answered = refuse(ctx, e);
        } catch (RuntimeException e) {
            answered = CompletableFuture.failedFuture(e);
        }
        return answered.whenComplete((done, failure) -> share.close());
    }

    /** Does what is done for a deletion, but for the log: a JVM is slow when it does something for the first time. */
    void rehearse(byte[] body) throws RefusedException {
        if (events.read(body) instanceof WebhookEvent.Deletion deletion) {
            EventRecords.request(TopicDefinition.REQUESTS, requestOf(deletion), null);
        }
    }

    private byte[] authenticatedBody(Context ctx, Capacity.Share share) throws RefusedException {
        Optional<Refusal> stranger = firstRefusal(authentication -> authentication.refusal(ctx));
        if (stranger.isPresent()) {
            bodies.drop(ctx);
            throw unauthenticated(stranger.get());
        }
        byte[] body = bodies.read(ctx, share);
        Optional<Refusal> forged = firstRefusal(authentication -> authentication.refusal(ctx, body));
        if (forged.isPresent()) {
            throw unauthenticated(forged.get());
        }
        return body;
    }

    /** Asks all of them, whoever refuses first: the time to a 401 must not tell how far a caller has come. */
    private Optional<Refusal> firstRefusal(Function<Authentication, Optional<Refusal>> asked) {
        List<Optional<Refusal>> refusals = authentications.stream().map(asked).toList();
        return refusals.stream().flatMap(Optional::stream).findFirst();
    }

    private RefusedException unauthenticated(Refusal refusal) {
        log.warn("Not authenticated: {}", refusal);
        metrics.refusedAuthentication(refusal);
        return RefusedException.unauthenticated();
    }

    private static void requireJson(@Nullable String contentType) throws RefusedException {
        String mediaType = contentType == null ? "" : contentType.split(";", 2)[0].strip();
        if (!mediaType.equalsIgnoreCase("application/json")) {
            throw RefusedException.unsupportedMediaType();
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
        Instant dueBy = now.atZone(ZoneOffset.UTC).plus(dueWithin).toInstant();
        return keys.seal(deletion.id(), now, dueBy, trigger, subject);
    }

    private CompletableFuture<Void> publish(Context ctx, ErasureRequest request, long received) {
        return inTime(requests.append(request, TraceParent.of(ctx.header(EventRecords.TRACEPARENT))), received)
                .thenCompose(failure -> failure.isEmpty()
                        ? acknowledge(ctx, request, received)
                        : doubt(ctx, request.requestId(), request.subject().key(), failure.get()));
    }

    private CompletableFuture<Void> publish(Context ctx, WebhookEvent.Completion completion, long received) {
        String tenantId =
                completion.tenantId() == null ? null : completion.tenantId().toString();
        SubjectKey subject = keys.subjectKey(tenantId, completion.userId());
        return inTime(requests.append(EventRecords.completion(completion.id(), subject, clock.instant())), received)
                .thenCompose(failure -> failure.isEmpty()
                        ? answer(ctx, Answer.NOTED, Map.of("status", "noted"))
                        : doubt(ctx, completion.id(), subject, failure.get()));
    }

    /** Why it is not committed in time; empty if it is. */
    private static CompletableFuture<Optional<Throwable>> inTime(CompletableFuture<Void> append, long received) {
        long left = BUDGET.toNanos() - (System.nanoTime() - received);
        return append.orTimeout(left, TimeUnit.NANOSECONDS)
                .handle((committed, failure) -> Optional.ofNullable(failure));
    }

    private CompletableFuture<Void> acknowledge(Context ctx, ErasureRequest request, long received) {
        log.info(
                "Accepted {} of subject {}",
                request.requestId(),
                request.subject().key());
        metrics.acknowledged(Duration.ofNanos(System.nanoTime() - received));
        return answer(ctx, Answer.ACCEPTED, Map.of("status", "accepted", "requestId", request.requestId()));
    }

    private CompletableFuture<Void> doubt(Context ctx, UUID id, SubjectKey subject, Throwable failure) {
        log.warn(
                "Not committed in time: {} of subject {}: {}",
                id,
                subject,
                failure.getClass().getSimpleName());
        return refuse(ctx, RefusedException.notCommitted());
    }

    private CompletableFuture<Void> refuse(Context ctx, RefusedException refusal) {
        if (refusal.answer().isTemporary()) {
            ctx.header("Retry-After", RETRY_AFTER_SECONDS);
        }
        return answer(ctx, refusal.answer(), Map.of("errors", refusal.problems()));
    }

    private CompletableFuture<Void> answer(Context ctx, Answer answer, Object body) {
        metrics.answered(answer);
        ctx.status(answer.status()).json(body);
        return CompletableFuture.completedFuture(null);
    }
}
