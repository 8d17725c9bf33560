package dev.lethe.ledger.api;

import dev.lethe.ledger.access.Gate;
import dev.lethe.ledger.access.Role;
import dev.lethe.ledger.action.Action;
import dev.lethe.ledger.action.ActionLog;
import dev.lethe.ledger.lanes.DeadLetterDesk;
import dev.lethe.ledger.lanes.LaneBoard;
import dev.lethe.ledger.request.Requests;
import dev.lethe.worker.deadletter.DeadLetter;
import dev.lethe.worker.deadletter.Decisions.Decided;
import dev.lethe.worker.deadletter.Decisions.State;
import dev.lethe.worker.deadletter.Reason;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.http.NotFoundResponse;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Dead letters, for programs. */
public final class DeadLetterApi {
    private static final int MOST = 1000;

    private final Requests requests;
    private final LaneBoard lanes;
    private final DeadLetterDesk desk;
    private final ActionLog actions;

    public DeadLetterApi(Requests requests, LaneBoard lanes, DeadLetterDesk desk, ActionLog actions) {
        this.requests = requests;
        this.lanes = lanes;
        this.desk = desk;
        this.actions = actions;
    }

    public void install(RoutesConfig routes) {
        routes.get("/dead-letters", this::list, Role.VIEWER);
        routes.post("/dead-letters/redrive", this::redrive, Role.OPERATOR);
        routes.post("/dead-letters/discard", this::discard, Role.OPERATOR);
    }

    private void list(Context ctx) {
        String store = ctx.queryParam("store");
        Set<String> onTheirWay = lanes.view().onTheirWay();
        Api.json(
                ctx,
                new Views.DeadLetters(requests.deadLetters(MOST).stream()
                        .filter(letter -> store == null || letter.store().equals(store))
                        .map(letter -> Views.DeadLetter.of(letter, onTheirWay.contains(letter.key())))
                        .toList()));
    }

    private void redrive(Context ctx) throws InvalidDocumentException, InterruptedException {
        Document document = Document.of(ctx);
        String key = document.text("key");
        document.demandValid();
        DeadLetter letter = letter(key);
        note(ctx, Action.REDRIVE, letter, null);
        answer(ctx, desk.redrive(letter));
    }

    private void discard(Context ctx) throws InvalidDocumentException, InterruptedException {
        Document document = Document.of(ctx);
        String key = document.text("key");
        String text = document.text("reason");
        Reason reason = reason(document, text);
        document.demandValid();
        DeadLetter letter = letter(key);
        if (!desk.mayKeep(reason, letter)) {
            document.problem("/reason", "names the person: it is kept for good, so name nobody");
        }
        document.demandValid();
        note(ctx, Action.DISCARD, letter, reason);
        answer(ctx, desk.discard(letter, reason));
    }

    private static Reason reason(Document document, String text) {
        try {
            return new Reason(text);
        } catch (IllegalArgumentException e) {
            document.problem("/reason", String.valueOf(e.getMessage()));
            return new Reason("-");
        }
    }

    private DeadLetter letter(String key) throws InterruptedException {
        return desk.find(key).orElseThrow(() -> new NotFoundResponse("That dead letter is not open."));
    }

    private void note(Context ctx, Action action, DeadLetter letter, @Nullable Reason reason)
            throws InterruptedException {
        actions.note(
                Gate.person(ctx).actor(),
                action,
                letter.request() == null ? null : letter.request().requestId(),
                letter.store(),
                reason == null ? null : reason.text());
    }

    private static void answer(Context ctx, Decided decided) {
        String state = decided.state().name().toLowerCase(Locale.ROOT).replace('_', '-');
        if (decided.state() == State.REFUSED) {
            ctx.status(HttpStatus.CONFLICT);
        }
        Api.json(ctx, new Views.Decision(decided.letter().key(), state, decided.detail()));
    }
}
