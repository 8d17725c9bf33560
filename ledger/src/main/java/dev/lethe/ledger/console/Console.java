package dev.lethe.ledger.console;

import dev.lethe.events.SubjectKey;
import dev.lethe.ledger.access.Gate;
import dev.lethe.ledger.access.Role;
import dev.lethe.ledger.action.Action;
import dev.lethe.ledger.action.ActionLog;
import dev.lethe.ledger.api.Api;
import dev.lethe.ledger.api.Query;
import dev.lethe.ledger.console.view.ActionList;
import dev.lethe.ledger.console.view.Choice;
import dev.lethe.ledger.console.view.Overview;
import dev.lethe.ledger.console.view.RequestLine;
import dev.lethe.ledger.console.view.RequestList;
import dev.lethe.ledger.console.view.RequestPage;
import dev.lethe.ledger.console.view.StoreList;
import dev.lethe.ledger.console.view.Tab;
import dev.lethe.ledger.intake.Intake;
import dev.lethe.ledger.lanes.LaneBoard;
import dev.lethe.ledger.request.Figures;
import dev.lethe.ledger.request.Page;
import dev.lethe.ledger.request.RequestDetail;
import dev.lethe.ledger.request.RequestRow;
import dev.lethe.ledger.request.RequestStatus;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The pages that show what happened. */
final class Console {
    private static final int LATEST = 8;
    private static final int PER_PAGE = 50;
    private static final int DAYS = 30;
    private static final int ACTIONS = 200;

    private final Pages pages;
    private final Requests requests;
    private final Figures figures;
    private final LaneBoard lanes;
    private final Intake intake;
    private final ActionLog actions;
    private final InstantSource clock;

    Console(
            Pages pages,
            Requests requests,
            Figures figures,
            LaneBoard lanes,
            Intake intake,
            ActionLog actions,
            InstantSource clock) {
        this.pages = pages;
        this.requests = requests;
        this.figures = figures;
        this.lanes = lanes;
        this.intake = intake;
        this.actions = actions;
        this.clock = clock;
    }

    void install(RoutesConfig routes) {
        routes.get("/", ctx -> ctx.redirect("/console"), Role.ANYBODY);
        routes.get("/console", this::overview, Role.VIEWER);
        routes.get("/console/requests", this::list, Role.VIEWER);
        routes.post("/console/people", this::find, Role.VIEWER);
        routes.get("/console/requests/{id}", this::request, Role.VIEWER);
        routes.get("/console/stores", this::stores, Role.VIEWER);
        routes.get("/console/activity", this::activity, Role.VIEWER);
    }

    private void overview(Context ctx) {
        Instant now = clock.instant();
        Instant first = now.minus(Duration.ofDays(DAYS - 1L));
        var page = Overview.of(
                figures.statistics(now, ZoneOffset.UTC),
                figures.points(first, now, ChronoUnit.DAYS, ZoneOffset.UTC),
                requests.list(Query.all().filter(), now, Optional.empty(), LATEST)
                        .rows(),
                StoreList.stuck(lanes.view(), now),
                now);
        pages.show(ctx, "overview.jte", "Overview", Tab.OVERVIEW, page);
    }

    private void list(Context ctx) {
        Instant now = clock.instant();
        String subject = ctx.queryParam("subject");
        if (subject != null) {
            pages.show(ctx, "requests.jte", "Requests of a person", Tab.REQUESTS, ofPerson(subject, now));
            return;
        }
        Query query;
        String problem = null;
        try {
            query = Query.of(ctx);
        } catch (IllegalArgumentException e) {
            query = Query.all();
            problem = String.valueOf(e.getMessage());
            ctx.status(HttpStatus.BAD_REQUEST);
        }
        Page page = requests.list(query.filter(), now, query.after(), PER_PAGE);
        pages.show(ctx, "requests.jte", "Requests", Tab.REQUESTS, listed(query, page, problem, now));
    }

    private RequestList listed(Query query, Page page, @Nullable String problem, Instant now) {
        String status = query.parameters().getOrDefault("status", "");
        String store = query.parameters().getOrDefault("store", "");
        String due = query.parameters().getOrDefault("due", "");
        return new RequestList(
                lines(page.rows(), now),
                statuses(status),
                storeChoices(store),
                List.of(
                        choice("", "Any time", due),
                        choice("open", "Still open", due),
                        choice("at_risk", "At risk", due),
                        choice("overdue", "Overdue", due)),
                query.parameters().getOrDefault("from", ""),
                query.parameters().getOrDefault("until", ""),
                !query.parameters().isEmpty(),
                null,
                problem,
                query.after().isPresent() ? "/console/requests" + query.from(Optional.empty()) : null,
                page.next().isPresent() ? "/console/requests" + query.from(page.next()) : null);
    }

    private RequestList ofPerson(String subject, Instant now) {
        List<RequestRow> rows;
        String shown;
        try {
            var key = new SubjectKey(subject);
            rows = requests.of(key);
            shown = key.value();
        } catch (IllegalArgumentException e) {
            throw new NotFoundResponse();
        }
        return new RequestList(
                lines(rows, now), List.of(), List.of(), List.of(), "", "", true, shown, null, null, null);
    }

    /** The ids are in the body alone, and are gone when this returns; the address that the reader goes on to has the pseudonym. */
    private void find(Context ctx) throws InterruptedException {
        String userId = text(ctx, "userId");
        String tenantId = text(ctx, "tenantId");
        if (userId.isEmpty()) {
            ctx.redirect("/console/requests", HttpStatus.SEE_OTHER);
            return;
        }
        SubjectKey key = intake.subjectKey(tenantId.isEmpty() ? null : tenantId, userId);
        actions.note(Gate.person(ctx).actor(), Action.FIND, null, null, null);
        ctx.redirect("/console/requests?subject=" + key.value(), HttpStatus.SEE_OTHER);
    }

    private void request(Context ctx) {
        Instant now = clock.instant();
        RequestDetail detail = Api.requestId(ctx).flatMap(requests::find).orElseThrow(NotFoundResponse::new);
        RequestPage page = RequestPage.of(detail, now);
        pages.show(ctx, "request.jte", "Request " + page.line().shortId(), Tab.REQUESTS, page);
    }

    private void stores(Context ctx) {
        pages.show(
                ctx, "stores.jte", "Stores", Tab.STORES, StoreList.of(lanes.view(), this::lastError, clock.instant()));
    }

    /** Why a store's lanes last stood, or why it last refused somebody, whichever is later. */
    private Optional<LaneBoard.LastError> lastError(String store) {
        return Stream.concat(
                        lanes.lastError(store).stream(),
                        requests.lastRefusal(store).stream()
                                .map(letter -> new LaneBoard.LastError(letter.code(), letter.at())))
                .max(Comparator.comparing(LaneBoard.LastError::at));
    }

    private void activity(Context ctx) {
        Instant now = clock.instant();
        var lines = requests.actions(ACTIONS).stream()
                .map(row -> ActionList.Line.of(row, now))
                .toList();
        pages.show(ctx, "actions.jte", "Activity", Tab.ACTIVITY, new ActionList(lines, null));
    }

    private static List<RequestLine> lines(List<RequestRow> rows, Instant now) {
        return rows.stream().map(row -> RequestLine.of(row, now)).toList();
    }

    private static List<Choice> statuses(String chosen) {
        var choices = new ArrayList<Choice>();
        choices.add(choice("", "Any", chosen));
        for (RequestStatus status : RequestStatus.values()) {
            choices.add(choice(status.word(), status.word().replace('_', ' '), chosen));
        }
        return choices;
    }

    private List<Choice> storeChoices(String chosen) {
        var choices = new ArrayList<Choice>();
        choices.add(choice("", "Any", chosen));
        lanes.stores().forEach(store -> choices.add(choice(store, store, chosen)));
        if (!chosen.isEmpty() && !lanes.stores().contains(chosen)) {
            choices.add(choice(chosen, chosen, chosen));
        }
        return choices;
    }

    private static Choice choice(String value, String name, String chosen) {
        return new Choice(value, name, value.equals(chosen));
    }

    static String text(Context ctx, String field) {
        String value = ctx.formParam(field);
        return value == null ? "" : value.strip();
    }
}
