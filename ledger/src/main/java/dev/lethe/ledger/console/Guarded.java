package dev.lethe.ledger.console;

import io.javalin.http.Context;
import java.util.Map;

/** The headers with which every answer tells browsers what not to do with it. */
public final class Guarded {
    /** Nothing from anywhere but here, nothing inline, and in nobody's frame. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", POLICY,
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            // Nothing to others; to ourselves, or a form would not say where it comes from.
            "Referrer-Policy", "same-origin",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()",
            "Cache-Control", "no-store");

    private Guarded() {}

    /** @param secure whether browsers reach the console by TLS */
    public static void answer(Context ctx, boolean secure) {
        HEADERS.forEach(ctx::header);
        if (secure) {
            ctx.header("Strict-Transport-Security", "max-age=31536000");
        }
    }
}
