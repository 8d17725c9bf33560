package dev.lethe.ledger.console;

import dev.lethe.ledger.access.Gate;
import dev.lethe.ledger.access.OpenId;
import dev.lethe.ledger.access.Person;
import dev.lethe.ledger.access.Role;
import dev.lethe.ledger.access.SignInFailedException;
import dev.lethe.ledger.action.Action;
import dev.lethe.ledger.action.ActionLog;
import dev.lethe.ledger.console.view.SignIn;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.http.NotFoundResponse;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Coming and going. */
final class SignInPages {
    static final String PATH = "/console/sign-in";

    private static final String HOME = "/console";
    /** Ours, and of a form that no browser takes for another host's. */
    private static final Pattern OURS =
            Pattern.compile("/console(/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)*(\\?[A-Za-z0-9=&%_.~:+-]*)?");

    private final Gate gate;
    private final Pages pages;
    private final ActionLog actions;

    SignInPages(Gate gate, Pages pages, ActionLog actions) {
        this.gate = gate;
        this.pages = pages;
        this.actions = actions;
    }

    void install(RoutesConfig routes) {
        routes.get(PATH, this::ask, Role.ANYBODY);
        routes.post(PATH, this::withToken, Role.ANYBODY);
        routes.get(PATH + "/openid", this::begin, Role.ANYBODY);
        routes.get(OpenId.CALLBACK, this::finish, Role.ANYBODY);
        routes.post("/console/sign-out", this::signOut, Role.VIEWER);
    }

    private void ask(Context ctx) {
        if (Gate.find(ctx).isPresent()) {
            ctx.redirect(returnTo(ctx.queryParam("to")), HttpStatus.SEE_OTHER);
            return;
        }
        show(ctx, returnTo(ctx.queryParam("to")), null);
    }

    private void withToken(Context ctx) throws InterruptedException {
        String to = returnTo(ctx.formParam("to"));
        try {
            Person person = gate.known(Console.text(ctx, "token"));
            enter(ctx, person, to);
        } catch (SignInFailedException e) {
            ctx.status(HttpStatus.UNAUTHORIZED);
            show(ctx, to, e.getMessage());
        }
    }

    private void begin(Context ctx) {
        String to = returnTo(ctx.queryParam("to"));
        try {
            OpenId openId = gate.openId().orElseThrow(NotFoundResponse::new);
            ctx.redirect(openId.begin(ctx, to).toString(), HttpStatus.SEE_OTHER);
        } catch (SignInFailedException e) {
            ctx.status(HttpStatus.BAD_GATEWAY);
            show(ctx, to, e.getMessage());
        }
    }

    private void finish(Context ctx) throws InterruptedException {
        try {
            OpenId.Arrival arrival =
                    gate.openId().orElseThrow(NotFoundResponse::new).finish(ctx);
            enter(ctx, arrival.person(), returnTo(arrival.returnTo()));
        } catch (SignInFailedException e) {
            ctx.status(HttpStatus.UNAUTHORIZED);
            show(ctx, HOME, e.getMessage());
        }
    }

    private void enter(Context ctx, Person person, String to) throws InterruptedException {
        actions.note(person.actor(), Action.SIGN_IN, null, null, null);
        gate.begin(ctx, person);
        ctx.redirect(to, HttpStatus.SEE_OTHER);
    }

    private void signOut(Context ctx) throws InterruptedException {
        gate.signOut(ctx);
        actions.note(Gate.person(ctx).actor(), Action.SIGN_OUT, null, null, null);
        ctx.redirect(PATH + "?done=signed-out", HttpStatus.SEE_OTHER);
    }

    private void show(Context ctx, String to, @Nullable String problem) {
        pages.show(
                ctx,
                "signIn.jte",
                "Sign in",
                null,
                new SignIn(gate.takesTokens(), gate.openId().isPresent(), problem, to));
    }

    private static String returnTo(@Nullable String to) {
        return to != null && OURS.matcher(to).matches() ? to : HOME;
    }
}
