package dev.lethe.ledger.api;

import dev.lethe.cli.JsonText;
import dev.lethe.events.SubjectKey;
import dev.lethe.ledger.access.Gate;
import dev.lethe.ledger.access.Role;
import dev.lethe.ledger.action.Action;
import dev.lethe.ledger.action.ActionLog;
import dev.lethe.ledger.intake.Intake;
import dev.lethe.ledger.intake.NotCommittedException;
import dev.lethe.ledger.lanes.LaneBoard;
import dev.lethe.ledger.request.Figures;
import dev.lethe.ledger.request.RequestRow;
import dev.lethe.ledger.request.Requests;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.http.NotFoundResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What programs ask and request. Held to {@code openapi.json} by a test. */
public final class Api {
    private static final int PER_PAGE = 50;
    private static final int MOST_PER_PAGE = 500;
    private static final int DAYS = 30;
    private static final int MOST_ACTIONS = 500;
    /** What a request was asked for by, that no identity provider announced. */
    private static final String SOURCE = "lethe-ledger";

    private final Requests requests;
    private final Figures figures;
    private final LaneBoard lanes;
    private final Intake intake;
    private final ActionLog actions;
    private final InstantSource clock;

    public Api(
            Requests requests,
            Figures figures,
            LaneBoard lanes,
            Intake intake,
            ActionLog actions,
            InstantSource clock) {
        this.requests = requests;
        this.figures = figures;
        this.lanes = lanes;
        this.intake = intake;
        this.actions = actions;
        this.clock = clock;
    }

    public void install(RoutesConfig routes) {
        routes.get("/openapi.json", ctx -> json(ctx, OpenApi.document()), Role.ANYBODY);
        routes.get("/requests", this::list, Role.VIEWER);
        routes.post("/requests", this::request, Role.OPERATOR);
        routes.get("/requests/{id}", this::detail, Role.VIEWER);
        routes.post("/people/find", this::find, Role.VIEWER);
        routes.get("/statistics", this::statistics, Role.VIEWER);
        routes.get("/stores", ctx -> json(ctx, Views.Lanes.of(lanes.view())), Role.VIEWER);
        routes.get("/actions", this::actions, Role.VIEWER);
        routes.exception(InvalidDocumentException.class, (e, ctx) -> e.problem().answer(ctx));
        routes.exception(NotCommittedException.class, (e, ctx) -> {
            ctx.header("Retry-After", "1");
            Problem.of(503, "Not available", "Not committed in time: send it again, with the same id.")
                    .answer(ctx);
        });
    }

    private void list(Context ctx) throws InvalidDocumentException {
        Instant now = clock.instant();
        Query query;
        int most;
        try {
            query = Query.of(ctx);
            most = most(ctx);
        } catch (IllegalArgumentException e) {
            throw new InvalidDocumentException(
                    Problem.of(400, "The query is not valid", String.valueOf(e.getMessage()) + "."));
        }
        json(ctx, Views.RequestPage.of(requests.list(query.filter(), now, query.after(), most), now));
    }

    private static int most(Context ctx) {
        String text = ctx.queryParam("limit");
        if (text == null) {
            return PER_PAGE;
        }
        try {
            int most = Integer.parseInt(text);
            if (most >= 1 && most <= MOST_PER_PAGE) {
                return most;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException("'limit' must be a number from 1 to " + MOST_PER_PAGE);
    }

    private void detail(Context ctx) {
        json(
                ctx,
                requestId(ctx)
                        .flatMap(requests::find)
                        .map(detail -> Views.Detail.of(detail, clock.instant()))
                        .orElseThrow(() -> new NotFoundResponse("No such request is known.")));
    }

    private void find(Context ctx) throws InvalidDocumentException, InterruptedException {
        Document document = Document.of(ctx);
        String userId = document.text("userId");
        Optional<String> tenantId = document.optionalText("tenantId");
        document.demandValid();
        SubjectKey subject = intake.subjectKey(tenantId.orElse(null), userId);
        actions.note(Gate.person(ctx).actor(), Action.FIND, null, null, null);
        List<RequestRow> found = requests.of(subject);
        Instant now = clock.instant();
        json(
                ctx,
                new Views.Person(
                        subject.value(),
                        found.stream().map(row -> Views.Request.of(row, now)).toList()));
    }

    private void request(Context ctx) throws InvalidDocumentException, NotCommittedException, InterruptedException {
        Document document = Document.of(ctx);
        UUID id = document.optionalUuid("id").orElseGet(UUID::randomUUID);
        String userId = document.text("userId");
        Optional<String> tenantId = document.optionalText("tenantId");
        Optional<Instant> askedAt = document.optionalInstant("askedAt");
        Map<String, List<String>> identifiers = document.textsByName("identifiers");
        document.demandValid();
        var sealed = intake.seal(id, SOURCE, tenantId.orElse(null), userId, identifiers, askedAt.orElse(null));
        actions.note(Gate.person(ctx).actor(), Action.REQUEST, id, null, null);
        intake.publish(sealed);
        ctx.header("Location", "/requests/" + id).status(HttpStatus.CREATED);
        json(ctx, new Views.Accepted("accepted", id));
    }

    private void statistics(Context ctx) {
        Instant now = clock.instant();
        json(
                ctx,
                Views.Numbers.of(
                        figures.statistics(now, ZoneOffset.UTC),
                        figures.points(now.minus(Duration.ofDays(DAYS - 1L)), now, ChronoUnit.DAYS, ZoneOffset.UTC)));
    }

    private void actions(Context ctx) {
        json(ctx, Map.of("actions", requests.actions(MOST_ACTIONS)));
    }

    static void json(Context ctx, Object answer) {
        ctx.contentType("application/json").result(JsonText.of(answer));
    }

    /** Of the request that an address names; empty if that is no id. */
    public static Optional<UUID> requestId(Context ctx) {
        try {
            return Optional.of(UUID.fromString(ctx.pathParam("id")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
