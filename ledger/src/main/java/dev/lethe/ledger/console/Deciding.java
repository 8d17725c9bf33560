package dev.lethe.ledger.console;

import dev.lethe.ledger.access.Gate;
import dev.lethe.ledger.access.Role;
import dev.lethe.ledger.action.Action;
import dev.lethe.ledger.action.ActionLog;
import dev.lethe.ledger.console.view.DeadLetterLine;
import dev.lethe.ledger.console.view.DeadLetterPage;
import dev.lethe.ledger.console.view.Decision;
import dev.lethe.ledger.console.view.Tab;
import dev.lethe.ledger.lanes.DeadLetterDesk;
import dev.lethe.ledger.lanes.LaneBoard;
import dev.lethe.ledger.request.DeadLetterRow;
import dev.lethe.ledger.request.Requests;
import dev.lethe.worker.deadletter.DeadLetter;
import dev.lethe.worker.deadletter.Decisions.Decided;
import dev.lethe.worker.deadletter.Reason;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.http.NotFoundResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The pages on which people settle dead letters. */
final class Deciding {
    private static final String PATH = "/console/dead-letters";
    /** More than anybody settles one by one. */
    private static final int MOST = 100;

    private static final int MOST_COUNTED = 10_000;

    private final Pages pages;
    private final Requests requests;
    private final LaneBoard lanes;
    private final DeadLetterDesk desk;
    private final ActionLog actions;
    private final InstantSource clock;

    Deciding(
            Pages pages,
            Requests requests,
            LaneBoard lanes,
            DeadLetterDesk desk,
            ActionLog actions,
            InstantSource clock) {
        this.pages = pages;
        this.requests = requests;
        this.lanes = lanes;
        this.desk = desk;
        this.actions = actions;
        this.clock = clock;
    }

    void install(RoutesConfig routes) {
        routes.get(PATH, this::list, Role.VIEWER);
        routes.get(PATH + "/redrive", ctx -> ask(ctx, false), Role.OPERATOR);
        routes.post(PATH + "/redrive", this::redrive, Role.OPERATOR);
        routes.get(PATH + "/discard", ctx -> ask(ctx, true), Role.OPERATOR);
        routes.post(PATH + "/discard", this::discard, Role.OPERATOR);
    }

    private void list(Context ctx) {
        Instant now = clock.instant();
        String store = ctx.queryParam("store");
        List<DeadLetterRow> open = requests.deadLetters(MOST_COUNTED).stream()
                .filter(letter -> store == null || letter.store().equals(store))
                .toList();
        Set<String> onTheirWay = lanes.view().onTheirWay();
        var lines = new ArrayList<DeadLetterLine>();
        for (DeadLetterRow letter : open.subList(0, Math.min(MOST, open.size()))) {
            lines.add(DeadLetterLine.of(lines.size(), letter, onTheirWay.contains(letter.key()), now));
        }
        pages.show(
                ctx,
                "deadLetters.jte",
                "Dead letters",
                Tab.DEAD_LETTERS,
                new DeadLetterPage(lines, open.size(), store));
    }

    private void ask(Context ctx, boolean discard) throws InterruptedException {
        String key = ctx.queryParam("key");
        show(ctx, letter(key == null ? "" : key), discard, null, "");
    }

    private void redrive(Context ctx) throws InterruptedException {
        DeadLetter letter = letter(Console.text(ctx, "key"));
        note(ctx, Action.REDRIVE, letter, null);
        Decided decided = desk.redrive(letter);
        switch (decided.state()) {
            case REDRIVEN -> ctx.redirect(PATH + "?done=redriven", HttpStatus.SEE_OTHER);
            case ON_ITS_WAY -> ctx.redirect(PATH + "?done=on-its-way", HttpStatus.SEE_OTHER);
            default -> {
                ctx.status(HttpStatus.CONFLICT);
                show(ctx, letter, false, "It can't be sent back: " + decided.detail(), "");
            }
        }
    }

    private void discard(Context ctx) throws InterruptedException {
        DeadLetter letter = letter(Console.text(ctx, "key"));
        String text = Console.text(ctx, "reason");
        Reason reason;
        try {
            reason = new Reason(text);
        } catch (IllegalArgumentException e) {
            refuse(ctx, letter, String.valueOf(e.getMessage()), text);
            return;
        }
        if (!desk.mayKeep(reason, letter)) {
            refuse(ctx, letter, "the reason names the person: it is kept for good, so name nobody", "");
            return;
        }
        note(ctx, Action.DISCARD, letter, reason);
        desk.discard(letter, reason);
        ctx.redirect(PATH + "?done=discarded", HttpStatus.SEE_OTHER);
    }

    private void refuse(Context ctx, DeadLetter letter, String problem, String reason) {
        ctx.status(HttpStatus.BAD_REQUEST);
        String sentence = Character.toUpperCase(problem.charAt(0)) + problem.substring(1) + ".";
        show(ctx, letter, true, sentence, reason);
    }

    private void show(Context ctx, DeadLetter letter, boolean discard, @Nullable String problem, String reason) {
        String title = discard ? "Give an erasure up" : "Send a dead letter back";
        var line = DeadLetterLine.of(0, row(letter), false, clock.instant());
        pages.show(ctx, "decide.jte", title, Tab.DEAD_LETTERS, new Decision(line, discard, problem, reason));
    }

    private static DeadLetterRow row(DeadLetter letter) {
        return new DeadLetterRow(
                letter.key(),
                requestId(letter),
                letter.store(),
                letter.code(),
                letter.attempts(),
                letter.firstFailedAt(),
                Instant.ofEpochMilli(letter.record().timestamp()));
    }

    private static @Nullable UUID requestId(DeadLetter letter) {
        return letter.request() == null ? null : letter.request().requestId();
    }

    private DeadLetter letter(String key) throws InterruptedException {
        return desk.find(key).orElseThrow(() -> new NotFoundResponse("That dead letter is not open any more."));
    }

    private void note(Context ctx, Action action, DeadLetter letter, @Nullable Reason reason)
            throws InterruptedException {
        actions.note(
                Gate.person(ctx).actor(),
                action,
                requestId(letter),
                letter.store(),
                reason == null ? null : reason.text());
    }
}
