package dev.lethe.ledger.opendsr;

import dev.lethe.cli.JsonText;
import io.javalin.http.Context;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is answered when something is wrong: section 7.6. */
public record ErrorObject(Body error) {
    private static final String DOMAIN = "Validation";

    /** @param errors what is wrong with each part of a request; null if that is not what is wrong */
    public record Body(int code, String message, @Nullable List<Detail> errors) {}

    /** @param reason {@code required}, {@code invalid} or {@code unsupported} */
    public record Detail(String domain, String reason, String message) {}

    static ErrorObject of(List<Fault> faults) {
        return new ErrorObject(new Body(
                400,
                faults.getFirst().message(),
                faults.stream()
                        .map(fault -> new Detail(DOMAIN, fault.reason(), fault.message()))
                        .toList()));
    }

    static ErrorObject of(int status, String message) {
        return new ErrorObject(new Body(status, message, null));
    }

    /** Whether a call is one of OpenDSR, which is to be answered like this. */
    public static boolean isFor(Context ctx) {
        return ctx.path().startsWith(OpenDsrApi.BASE + "/");
    }

    /** Answers what has nothing to do with the request's content. */
    public static void answer(Context ctx, int status, String message) {
        of(status, message).answer(ctx);
    }

    void answer(Context ctx) {
        ctx.status(error.code()).contentType("application/json").result(JsonText.of(this));
    }
}
