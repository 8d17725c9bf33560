package dev.lethe.ledger.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.lethe.cli.JsonText;
import io.javalin.http.Context;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, for programs.
 *
 * @param errors what is wrong with each part of a document; null if that is not what is wrong
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        String type,
        String title,
        int status,
        @Nullable String detail,
        @Nullable List<Invalid> errors) {
    private static final String MEDIA_TYPE = "application/problem+json";

    /**
     * @param pointer where in the document (RFC 6901); the value there is never repeated
     * @param detail what is wrong there
     */
    public record Invalid(String pointer, String detail) {}

    public static Problem of(int status, String title, @Nullable String detail) {
        return new Problem("about:blank", title, status, detail, null);
    }

    public static Problem invalid(List<Invalid> errors) {
        return new Problem("about:blank", "The document is not valid", 400, null, List.copyOf(errors));
    }

    public void answer(Context ctx) {
        ctx.status(status).contentType(MEDIA_TYPE).result(JsonText.of(this));
    }
}
