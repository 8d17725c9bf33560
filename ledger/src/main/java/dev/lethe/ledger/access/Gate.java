package dev.lethe.ledger.access;

import dev.lethe.events.Keys;
import dev.lethe.ledger.access.RefusedException.Why;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.HandlerType;
import io.javalin.http.SameSite;
import io.javalin.security.RouteRole;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before every route: knows who calls, lets through who may, and lets nothing change that was not asked for by a page of
 * the console or by a program with a token. A route without a {@link Role} lets nobody through.
 */
public final class Gate {
    /** The field of forms that carries {@link #csrf}. */
    public static final String CSRF_FIELD = "csrf";

    /** The same as a header. */
    public static final String CSRF_HEADER = "X-CSRF-Token";

    /** On calls that a page makes by itself, which don't keep a session alive. */
    private static final String LIVE_HEADER = "X-Lethe-Live";

    private static final String BEARER = "Bearer ";
    private static final Set<HandlerType> SAFE = Set.of(HandlerType.GET, HandlerType.HEAD, HandlerType.OPTIONS);
    private static final String PERSON = "dev.lethe.ledger.person";
    private static final String SESSION = "dev.lethe.ledger.session";
    private static final Logger log = LoggerFactory.getLogger(Gate.class);

    private final Tokens tokens;
    private final Sessions sessions;
    private final SameOrigin sameOrigin;
    private final Optional<OpenId> openId;
    private final boolean secure;
    private final String cookie;

    /** @param controllers the tokens of those who call by OpenDSR */
    public Gate(AccessConfig config, List<TokenConfig> controllers, Keys keys, InstantSource clock) {
        tokens = new Tokens(
                Stream.concat(config.tokens().stream(), controllers.stream()).toList());
        sessions = new Sessions(config.idle(), config.most(), clock);
        sameOrigin = new SameOrigin(config.publicUrl());
        secure = config.isSecure();
        // A browser takes a cookie of that prefix from the very host alone, and over TLS alone.
        cookie = secure ? "__Host-lethe" : "lethe";
        openId = config.openId()
                .map(provider ->
                        new OpenId(provider, config.publicUrl().orElseThrow(), secure, keys, sessions::secret, clock));
    }

    /** Puts it before all routes that are added, whenever they are. */
    public void install(RoutesConfig routes) {
        routes.beforeMatched(this::pass);
    }

    /** Who calls. Only behind a route for those who are known. */
    public static Person person(Context ctx) {
        return find(ctx).orElseThrow(() -> new RefusedException(Why.UNKNOWN));
    }

    /** Who calls, if that is known. */
    public static Optional<Person> find(Context ctx) {
        return Optional.ofNullable(ctx.<Person>attribute(PERSON));
    }

    /** What the forms of this page have to carry; empty where nobody is signed in. */
    public static String csrf(Context ctx) {
        Session session = ctx.attribute(SESSION);
        return session == null ? "" : session.csrf();
    }

    /** Whether people can sign in with a token. */
    public boolean takesTokens() {
        return tokens.areThere();
    }

    /** The identity provider with which people can sign in. */
    public Optional<OpenId> openId() {
        return openId;
    }

    /** Whose token this is. */
    public Person known(String token) throws SignInFailedException {
        return tokens.personOf(token).filter(Tokens::isPerson).orElseThrow(() -> {
            log.warn("A sign-in with an unknown token");
            return new SignInFailedException("That token is not known here.");
        });
    }

    /** Begins a session for somebody who has proved who they are; what the browser had before counts no more. */
    public void begin(Context ctx, Person person) {
        String former = ctx.cookie(cookie);
        if (former != null) {
            sessions.end(former);
        }
        ctx.cookie(cookie(sessions.begin(person), -1));
        log.info("Signed in: {} as {}", person.actor(), person.role().word());
    }

    /** Whether whoever called is still signed in, for calls that go on for long. */
    public BooleanSupplier stillKnown(Context ctx) {
        String id = ctx.cookie(cookie);
        return id == null ? () -> true : () -> sessions.look(id).isPresent();
    }

    /** Ends the session of this browser. */
    public void signOut(Context ctx) {
        String id = ctx.cookie(cookie);
        if (id != null) {
            sessions.end(id);
        }
        ctx.cookie(cookie("", 0));
    }

    private void pass(Context ctx) {
        boolean byProgram = identify(ctx);
        Role needed = needed(ctx.routeRoles());
        Optional<Person> person = find(ctx);
        if (needed != Role.ANYBODY && person.isEmpty()) {
            throw new RefusedException(Why.UNKNOWN);
        }
        if (!SAFE.contains(ctx.method()) && !byProgram) {
            demandOurs(ctx);
        }
        if (person.isPresent() && !person.get().may(needed)) {
            log.warn(
                    "Refused: {} as {} may not",
                    person.get().actor(),
                    person.get().role().word());
            throw new RefusedException(Why.FORBIDDEN);
        }
    }

    private static Role needed(Set<RouteRole> roles) {
        return roles.stream()
                .filter(Role.class::isInstance)
                .map(Role.class::cast)
                .findFirst()
                .orElseThrow(() -> new RefusedException(Why.FORBIDDEN));
    }

    /** Finds out who calls, and says whether it is a program, which no other page can make call in its name. */
    private boolean identify(Context ctx) {
        String authorization = ctx.header("Authorization");
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            Optional<Person> program =
                    tokens.personOf(authorization.substring(BEARER.length()).strip());
            if (program.isEmpty()) {
                log.warn("A call with an unknown token");
                throw new RefusedException(Why.UNKNOWN);
            }
            ctx.attribute(PERSON, program.get());
            return true;
        }
        String id = ctx.cookie(cookie);
        Optional<Session> session = id == null ? Optional.empty() : sessionOf(ctx, id);
        session.ifPresent(present -> {
            ctx.attribute(SESSION, present);
            ctx.attribute(PERSON, present.person());
        });
        return false;
    }

    private Optional<Session> sessionOf(Context ctx, String id) {
        boolean byItself = ctx.header(LIVE_HEADER) != null || accepts(ctx.header("Accept"), "text/event-stream");
        return byItself ? sessions.look(id) : sessions.find(id);
    }

    private static boolean accepts(@Nullable String accept, String type) {
        return accept != null && accept.contains(type);
    }

    /** Two independent signs: what the browser says of where it comes from, and what only our own pages know. */
    private void demandOurs(Context ctx) {
        Session session = ctx.attribute(SESSION);
        if (!sameOrigin.holdsFor(ctx) || (session != null && !session.knows(presentedCsrf(ctx)))) {
            log.warn("Refused: a call that did not come from a page of this console");
            throw new RefusedException(Why.FOREIGN);
        }
    }

    private static String presentedCsrf(Context ctx) {
        String header = ctx.header(CSRF_HEADER);
        if (header != null) {
            return header;
        }
        String field = ctx.formParam(CSRF_FIELD);
        return field == null ? "" : field;
    }

    private Cookie cookie(String value, int maxAge) {
        return new Cookie(cookie, value, "/", maxAge, secure, true, null, SameSite.LAX);
    }
}
