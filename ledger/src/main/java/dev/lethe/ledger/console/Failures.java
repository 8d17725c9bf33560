package dev.lethe.ledger.console;

import dev.lethe.ledger.access.RefusedException;
import dev.lethe.ledger.access.RefusedException.Why;
import dev.lethe.ledger.api.Problem;
import dev.lethe.ledger.opendsr.ErrorObject;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.KafkaException;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is answered when something goes wrong: a page to people, RFC 9457's document to programs. Never a cause. */
final class Failures {
    private static final Logger log = LoggerFactory.getLogger(Failures.class);
    private static final String PAGES = "/console";

    private final Pages pages;

    Failures(Pages pages) {
        this.pages = pages;
    }

    void install(RoutesConfig routes) {
        routes.exception(RefusedException.class, this::refused);
        routes.exception(
                HttpResponseException.class,
                (e, ctx) -> answer(ctx, e.getStatus(), title(e.getStatus()), String.valueOf(e.getMessage())));
        routes.exception(JdbiException.class, (e, ctx) -> unavailable(ctx, "The ledger's database does not answer", e));
        routes.exception(KafkaException.class, (e, ctx) -> unavailable(ctx, "Kafka does not answer", e));
        routes.exception(Exception.class, (e, ctx) -> {
            log.error(
                    "Failed: {} {}: {}", ctx.method(), route(ctx), e.getClass().getName());
            answer(ctx, 500, title(500), "That should not have happened. The service's log says more.");
        });
        routes.error(404, ctx -> {
            if (ctx.result() == null || ctx.result().isEmpty()) {
                answer(ctx, 404, title(404), "There is nothing at this address.");
            }
        });
    }

    private void refused(RefusedException e, Context ctx) {
        if (e.why() == Why.UNKNOWN && isPage(ctx)) {
            if (ctx.header("X-Lethe-Live") == null) {
                String to = ctx.queryString() == null ? ctx.path() : ctx.path() + "?" + ctx.queryString();
                ctx.redirect(
                        SignInPages.PATH + "?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8),
                        HttpStatus.SEE_OTHER);
            } else {
                ctx.status(HttpStatus.UNAUTHORIZED);
            }
            return;
        }
        if (e.why() == Why.UNKNOWN) {
            ctx.header("WWW-Authenticate", "Bearer");
        }
        answer(
                ctx,
                e.why().status(),
                title(e.why().status()),
                ErrorObject.isFor(ctx)
                        ? "This takes the token of a controller."
                        : e.why().explanation());
    }

    private void unavailable(Context ctx, String what, Exception e) {
        log.warn("{}: {}", what, e.getClass().getSimpleName());
        ctx.header("Retry-After", "2");
        answer(ctx, 503, "Not available", what + ". Try again in a moment.");
    }

    private void answer(Context ctx, int status, String title, String detail) {
        if (ErrorObject.isFor(ctx)) {
            ErrorObject.answer(ctx, status, detail);
        } else if (isPage(ctx)) {
            pages.fail(ctx, status, title, detail.equals(title) ? "" : detail);
        } else {
            Problem.of(status, title, detail.equals(title) ? null : detail).answer(ctx);
        }
    }

    private static boolean isPage(Context ctx) {
        return ctx.path().equals(PAGES) || ctx.path().startsWith(PAGES + "/");
    }

    /** The route rather than the address, in which anything can stand. */
    private static String route(Context ctx) {
        return ctx.endpoint().path;
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "That can't be understood";
            case 401 -> "Not signed in";
            case 403 -> "Not allowed";
            case 404 -> "Not found";
            case 405 -> "Not like this";
            case 409 -> "Not any more";
            case 413 -> "Too large";
            case 415 -> "Another media type is needed";
            case 500 -> "Something went wrong";
            default -> HttpStatus.forStatus(status).getMessage();
        };
    }
}
