package dev.lethe.ledger.access;

import io.javalin.http.Context;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a call that changes something comes from a page of this console, as far as the browser says: by {@code
 * Sec-Fetch-Site}, and by {@code Origin}, of which a browser sends at least one with every POST.
 *
 * @see <a href="https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html">OWASP on
 *     cross-site request forgery</a>
 */
final class SameOrigin {
    private final Optional<String> publicOrigin;

    /** @param publicUrl where browsers find the console; without one, the call's own host counts */
    SameOrigin(Optional<URI> publicUrl) {
        publicOrigin = publicUrl.map(SameOrigin::originOf);
    }

    /** False as well if the browser says nothing. */
    boolean holdsFor(Context ctx) {
        String site = ctx.header("Sec-Fetch-Site");
        String origin = ctx.header("Origin");
        if (site == null && origin == null) {
            return false;
        }
        return (site == null || site.equals("same-origin")) && (origin == null || isOurs(origin, ctx.header("Host")));
    }

    private boolean isOurs(String origin, @Nullable String host) {
        if (publicOrigin.isPresent()) {
            return origin.equalsIgnoreCase(publicOrigin.get());
        }
        return host != null
                && (origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host));
    }

    private static String originOf(URI url) {
        return url.getScheme() + "://" + url.getAuthority();
    }
}
