package dev.lethe.ledger.opendsr;

import dev.lethe.cli.JsonText;
import dev.lethe.events.ErasureRequest;
import dev.lethe.events.SubjectKey;
import dev.lethe.kafka.RequestLog;
import dev.lethe.ledger.access.Gate;
import dev.lethe.ledger.access.Person;
import dev.lethe.ledger.access.Role;
import dev.lethe.ledger.action.Action;
import dev.lethe.ledger.action.ActionLog;
import dev.lethe.ledger.intake.Intake;
import dev.lethe.ledger.journal.JournalEntry.Withdrawn;
import dev.lethe.ledger.journal.JournalWriter;
import dev.lethe.ledger.opendsr.Docket.Case;
import dev.lethe.ledger.opendsr.Docket.Ruling;
import dev.lethe.ledger.opendsr.Messages.Cancellation;
import dev.lethe.ledger.opendsr.Messages.Discovery;
import dev.lethe.ledger.opendsr.Messages.Receipt;
import dev.lethe.ledger.opendsr.Messages.Status;
import dev.lethe.ledger.opendsr.Messages.Supported;
import dev.lethe.ledger.request.RequestStatus;
import dev.lethe.ledger.request.Requests;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What controllers call: discovery, requests, their status, and their cancellation. Every answer is signed. Held to {@code openapi.json} by a test.
 *
 * @see <a href="https://github.com/opengdpr/OpenDSR/blob/master/specification.md">OpenDSR 2.0</a>
 */
public final class OpenDsrApi {
    /** With the major version: section 3.4. */
    static final String BASE = "/opendsr/v2";

    private static final String REQUESTS = BASE + "/requests";
    /** Its name of OpenGDPR: section 10.1. */
    private static final String FORMER_REQUESTS = BASE + "/opengdpr_requests";

    private static final String CERTIFICATE = BASE + "/certificate.pem";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** Longer than the log itself takes to say yes or no. */
    private static final long COMMIT_MILLIS = 3_000;

    private static final Logger log = LoggerFactory.getLogger(OpenDsrApi.class);

    private final OpenDsrConfig config;
    private final Signer signer;
    private final Docket docket;
    private final Requests requests;
    private final Intake intake;
    private final RequestLog held;
    private final JournalWriter journal;
    private final ActionLog actions;
    private final LongSupplier journalEnd;
    private final InstantSource clock;
    private final Map<String, ControllerConfig> controllers;

    /**
     * @param held takes the requests
     * @param journalEnd where the journal ends
     */
    public OpenDsrApi(
            OpenDsr openDsr,
            Docket docket,
            Requests requests,
            Intake intake,
            RequestLog held,
            JournalWriter journal,
            ActionLog actions,
            LongSupplier journalEnd,
            InstantSource clock) {
        this.config = openDsr.config();
        this.signer = openDsr.signer();
        this.docket = docket;
        this.requests = requests;
        this.intake = intake;
        this.held = held;
        this.journal = journal;
        this.actions = actions;
        this.journalEnd = journalEnd;
        this.clock = clock;
        this.controllers =
                config.controllers().stream().collect(Collectors.toMap(ControllerConfig::source, Function.identity()));
    }

    public void install(RoutesConfig routes) {
        routes.get(BASE + "/discovery", this::discover, Role.ANYBODY);
        routes.get(CERTIFICATE, ctx -> ctx.contentType("application/x-pem-file").result(signer.pem()), Role.ANYBODY);
        for (String path : List.of(REQUESTS, FORMER_REQUESTS)) {
            routes.post(path, ctx -> submit(ctx, path.equals(FORMER_REQUESTS)), Role.CONTROLLER);
            routes.get(path + "/{id}", this::status, Role.CONTROLLER);
            routes.delete(path + "/{id}", this::cancel, Role.CONTROLLER);
        }
        routes.after(BASE + "/*", signer::sign);
        routes.exception(RefusedRequestException.class, (e, ctx) -> {
            if (e.error().error().code() == HttpStatus.SERVICE_UNAVAILABLE.getCode()) {
                ctx.header("Retry-After", "2");
            }
            e.error().answer(ctx);
        });
    }

    /** Section 6. */
    private void discover(Context ctx) {
        Collection<ControllerConfig> asking = Gate.find(ctx)
                .map(person -> controllers.get(person.actor()))
                .<Collection<ControllerConfig>>map(Set::of)
                .orElse(controllers.values());
        json(
                ctx,
                new Discovery(
                        Messages.VERSION,
                        asking.stream()
                                .flatMap(controller -> controller.identities().keySet().stream())
                                .distinct()
                                .sorted()
                                .map(type -> new Supported(type, "raw"))
                                .toList(),
                        List.of("erasure"),
                        config.publicUrl() + CERTIFICATE));
    }

    /** Section 7. What is sent again is answered again. */
    private void submit(Context ctx, boolean former) throws RefusedRequestException, InterruptedException {
        ControllerConfig controller = controller(ctx);
        demandJson(ctx);
        byte[] body = ctx.bodyAsBytes();
        Submission submission = SubmissionReader.read(body, controller, config.domain(), former);
        SubjectKey subject = intake.subjectKey(controller.tenantId().orElse(null), submission.userId());
        UUID id = HeldRecord.requestId(controller.source(), submission.subjectRequestId());
        Optional<Case> known = find(id);
        Case it = known.isPresent() ? known.get() : hold(id, controller, submission);
        if (!it.held().subjectKey().equals(subject)) {
            throw RefusedRequestException.of(
                    List.of(Fault.invalid("subject_request_id", "is that of a request for somebody else")));
        }
        if (it.ruling() == Ruling.WITHDRAWN) {
            throw RefusedRequestException.of(List.of(Fault.invalid(
                    "subject_request_id",
                    "is that of a request that was cancelled: a new one needs an id of its own")));
        }
        ctx.header("Location", REQUESTS + "/" + submission.subjectRequestId()).status(HttpStatus.CREATED);
        json(
                ctx,
                new Receipt(
                        controller.name(),
                        it.held().dueBy(),
                        it.held().requestedAt(),
                        Base64.getEncoder().encodeToString(body),
                        submission.subjectRequestId()));
    }

    /** Returns once the request is committed, and known. */
    private Case hold(UUID id, ControllerConfig controller, Submission submission)
            throws RefusedRequestException, InterruptedException {
        String tenant = controller.tenantId().orElse(null);
        ErasureRequest sealed = intake.seal(
                id,
                Intake.trigger(
                        controller.source(),
                        "erasure." + submission.regulation(),
                        submission.subjectRequestId(),
                        tenant,
                        submission.submittedTime()),
                tenant,
                submission.userId(),
                submission.identifiers());
        actions.note(controller.source(), Action.REQUEST, id, null, null);
        try {
            held.append(HeldRecord.of(sealed, config.cancellable(), submission.callbacks()))
                    .get(COMMIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.warn("Not committed in time: {}", id);
            throw notYet();
        }
        log.info("Held {} of subject {}", id, sealed.subject().key());
        return Docket.await(() -> docket.find(id), PATIENCE).orElseThrow(OpenDsrApi::notYet);
    }

    /** Section 8. */
    private void status(Context ctx) throws RefusedRequestException, InterruptedException {
        ControllerConfig controller = controller(ctx);
        Case it = known(ctx, controller);
        RequestStatus status = requests.row(it.held().requestId())
                .orElseThrow(OpenDsrApi::unknown)
                .status();
        json(
                ctx,
                new Status(
                        controller.name(),
                        it.held().dueBy(),
                        it.held().subjectRequestId(),
                        status.word(),
                        Messages.VERSION));
    }

    /** Section 9. The journal decides, not whoever looks first. */
    private void cancel(Context ctx) throws RefusedRequestException, InterruptedException {
        ControllerConfig controller = controller(ctx);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Case it = known(ctx, controller);
        if (it.ruling() == null) {
            UUID id = it.held().requestId();
            actions.note(controller.source(), Action.CANCEL, id, null, null);
            long offset = journal.write(new Withdrawn(id, now, controller.source()));
            if (!docket.awaitRead(offset, PATIENCE)) {
                throw notYet();
            }
            it = docket.find(id).orElseThrow(OpenDsrApi::unknown);
        }
        if (it.ruling() != Ruling.WITHDRAWN) {
            throw RefusedRequestException.of(
                    HttpStatus.BAD_REQUEST.getCode(),
                    "The request is not pending any more: it is in progress or completed, and can't be cancelled.");
        }
        ctx.status(HttpStatus.ACCEPTED);
        json(ctx, new Cancellation(controller.name(), it.held().subjectRequestId(), now, Messages.VERSION));
    }

    private ControllerConfig controller(Context ctx) throws RefusedRequestException {
        Person person = Gate.person(ctx);
        ControllerConfig controller = controllers.get(person.actor());
        if (controller == null) {
            throw RefusedRequestException.of(403, "This takes the token of a controller.");
        }
        return controller;
    }

    /** The request of the path, if it is this controller's. */
    private Case known(Context ctx, ControllerConfig controller) throws RefusedRequestException, InterruptedException {
        UUID subjectRequestId =
                SubmissionReader.subjectRequestId(ctx.pathParam("id")).orElseThrow(OpenDsrApi::unknown);
        return find(HeldRecord.requestId(controller.source(), subjectRequestId)).orElseThrow(OpenDsrApi::unknown);
    }

    /** A database that is behind, or is made again, knows less than the journal: what it does not know is looked for again. */
    private Optional<Case> find(UUID id) throws RefusedRequestException, InterruptedException {
        Optional<Case> found = docket.find(id);
        if (found.isPresent()) {
            return found;
        }
        if (!docket.awaitRead(journalEnd.getAsLong() - 1, PATIENCE)) {
            throw notYet();
        }
        return docket.find(id);
    }

    private static void demandJson(Context ctx) throws RefusedRequestException {
        String contentType = ctx.header("Content-Type");
        String mediaType = contentType == null ? "" : contentType.split(";", 2)[0].strip();
        if (!mediaType.equalsIgnoreCase("application/json")) {
            throw RefusedRequestException.of(
                    HttpStatus.BAD_REQUEST.getCode(), "Content-Type must be application/json.");
        }
    }

    private static RefusedRequestException unknown() {
        return RefusedRequestException.of(
                HttpStatus.NOT_FOUND.getCode(), "No such request of this controller is known.");
    }

    private static RefusedRequestException notYet() {
        return RefusedRequestException.of(
                HttpStatus.SERVICE_UNAVAILABLE.getCode(), "Not known to be done yet: send it again, with the same id.");
    }

    private static void json(Context ctx, Object answer) {
        ctx.contentType("application/json").result(JsonText.of(answer));
    }
}
