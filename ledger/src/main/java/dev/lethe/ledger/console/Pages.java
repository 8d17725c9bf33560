package dev.lethe.ledger.console;

import dev.lethe.ledger.access.Gate;
import dev.lethe.ledger.access.Person;
import dev.lethe.ledger.console.view.Shell;
import dev.lethe.ledger.console.view.Tab;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/** Makes pages of templates, which escape whatever they are given. */
final class Pages {
    private static final String HTML = "text/html; charset=utf-8";

    /** What somebody has just done, by the word that stands for it in an address. */
    private static final Map<String, String> NOTICES = Map.of(
            "redriven", "Sent back. The store tries again in a moment; the entry goes when it has erased the person.",
            "on-its-way", "It has been sent back before, and its store has yet to take it.",
            "discarded", "Given up, with your reason.",
            "requested", "The erasure is requested: it is committed to the log, and stores begin with it now.",
            "signed-out", "You are signed out.");

    private final TemplateEngine engine = TemplateEngine.createPrecompiled(ContentType.Html);
    private final Assets assets;
    private final LongSupplier deadLetters;

    /** @param deadLetters how many are open */
    Pages(Assets assets, LongSupplier deadLetters) {
        this.assets = assets;
        this.deadLetters = deadLetters;
    }

    void show(Context ctx, String template, String title, @Nullable Tab tab, Object page) {
        render(ctx, template, Map.of("page", page), shell(ctx, title, tab));
    }

    /** A page that says what went wrong. */
    void fail(Context ctx, int status, String title, String detail) {
        ctx.status(status);
        render(ctx, "error.jte", Map.of("detail", detail), shell(ctx, title, null));
    }

    private void render(Context ctx, String template, Map<String, Object> content, Shell shell) {
        var parameters = new LinkedHashMap<String, Object>(content);
        parameters.put("shell", shell);
        var output = new Utf8ByteOutput();
        engine.render(template, parameters, output);
        ctx.contentType(HTML).result(output.toByteArray());
    }

    private Shell shell(Context ctx, String title, @Nullable Tab tab) {
        Person person = Gate.find(ctx).orElse(null);
        String notice = ctx.queryParam("done");
        return new Shell(
                title,
                tab,
                person,
                Gate.csrf(ctx),
                person == null ? 0 : deadLetters(),
                notice == null ? null : NOTICES.get(notice),
                assets::path);
    }

    /** None that is known of while the database is away: a page that says so must not fail as well. */
    private long deadLetters() {
        try {
            return deadLetters.getAsLong();
        } catch (JdbiException e) {
            return 0;
        }
    }
}
