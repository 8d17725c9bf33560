package dev.lethe.ledger.console;

import dev.lethe.events.ErasureRequest;
import dev.lethe.ledger.access.Gate;
import dev.lethe.ledger.access.Role;
import dev.lethe.ledger.action.Action;
import dev.lethe.ledger.action.ActionLog;
import dev.lethe.ledger.console.view.NewRequest;
import dev.lethe.ledger.console.view.Tab;
import dev.lethe.ledger.intake.Intake;
import dev.lethe.ledger.intake.NotCommittedException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The page on which somebody requests an erasure that no identity provider announces. */
final class Requesting {
    private static final String SOURCE = "lethe-console";
    private static final int MOST_CHARACTERS = 1024;

    private final Pages pages;
    private final Intake intake;
    private final ActionLog actions;

    Requesting(Pages pages, Intake intake, ActionLog actions) {
        this.pages = pages;
        this.intake = intake;
        this.actions = actions;
    }

    void install(RoutesConfig routes) {
        routes.get("/console/requests/new", ctx -> show(ctx, UUID.randomUUID().toString(), null), Role.OPERATOR);
        routes.post("/console/requests", this::request, Role.OPERATOR);
    }

    private void request(Context ctx) throws InterruptedException {
        String id = Console.text(ctx, "id");
        String userId = Console.text(ctx, "userId");
        String tenantId = Console.text(ctx, "tenantId");
        String email = Console.text(ctx, "email");
        UUID requestId;
        try {
            requestId = UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            show(ctx.status(HttpStatus.BAD_REQUEST), UUID.randomUUID().toString(), "Fill the form in again.");
            return;
        }
        if (userId.isEmpty()
                || List.of(userId, tenantId, email).stream().anyMatch(it -> it.length() > MOST_CHARACTERS)) {
            show(
                    ctx.status(HttpStatus.BAD_REQUEST),
                    id,
                    "A user id is needed, and none has more than 1024 characters.");
            return;
        }
        Map<String, List<String>> identifiers = new LinkedHashMap<>();
        if (!email.isEmpty()) {
            identifiers.put("email", List.of(email));
        }
        ErasureRequest sealed =
                intake.seal(requestId, SOURCE, tenantId.isEmpty() ? null : tenantId, userId, identifiers, null);
        actions.note(Gate.person(ctx).actor(), Action.REQUEST, requestId, null, null);
        try {
            intake.publish(sealed);
        } catch (NotCommittedException e) {
            show(
                    ctx.status(HttpStatus.SERVICE_UNAVAILABLE),
                    id,
                    "The log did not take it in time. Fill the form in and send it again: it is one request all the same.");
            return;
        }
        ctx.redirect(
                "/console/requests?done=requested&subject="
                        + sealed.subject().key().value(),
                HttpStatus.SEE_OTHER);
    }

    private void show(Context ctx, String id, @Nullable String problem) {
        pages.show(ctx, "newRequest.jte", "New request", Tab.REQUESTS, new NewRequest(id, problem));
    }
}
