package dev.lethe.ledger.console;

import dev.lethe.ledger.access.Gate;
import dev.lethe.ledger.access.Role;
import dev.lethe.ledger.action.Action;
import dev.lethe.ledger.action.ActionLog;
import dev.lethe.ledger.api.Api;
import dev.lethe.ledger.certificate.Answer;
import dev.lethe.ledger.certificate.CertificatePdf;
import dev.lethe.ledger.certificate.CertificateText;
import dev.lethe.ledger.certificate.Certificates;
import dev.lethe.ledger.console.view.CertificatePage;
import dev.lethe.ledger.console.view.Tab;
import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.ConflictResponse;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.ServiceUnavailableResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** Certificates: to read, to print, and to take along, for people and for programs. */
final class CertificatePages {
    /** A checkpoint follows within seconds upon whatever happens; somebody who waits for it waits here. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Pages pages;
    private final Certificates certificates;
    private final ActionLog actions;

    CertificatePages(Pages pages, Certificates certificates, ActionLog actions) {
        this.pages = pages;
        this.certificates = certificates;
        this.actions = actions;
    }

    void install(RoutesConfig routes) {
        routes.get("/console/requests/{id}/certificate", this::show, Role.VIEWER);
        routes.get("/console/requests/{id}/certificate.json", this::take, Role.VIEWER);
        routes.get("/console/requests/{id}/certificate.pdf", this::print, Role.VIEWER);
        routes.get("/requests/{id}/certificate", this::take, Role.VIEWER);
        routes.get("/requests/{id}/certificate.pdf", this::print, Role.VIEWER);
        routes.get("/checkpoint", this::checkpoint, Role.VIEWER);
    }

    private void show(Context ctx) throws InterruptedException {
        CertificatePage page = CertificatePage.of(issue(ctx).certificate());
        pages.show(ctx, "certificate.jte", "Certificate " + page.shortId(), Tab.REQUESTS, page);
    }

    private void take(Context ctx) throws InterruptedException {
        Answer.Issued issued = issue(ctx);
        download(ctx, issued, "json", "application/json", issued.file().getBytes(StandardCharsets.UTF_8));
    }

    private void print(Context ctx) throws InterruptedException {
        Answer.Issued issued = issue(ctx);
        byte[] document = CertificatePdf.document(CertificateText.of(issued.certificate()));
        download(ctx, issued, "pdf", "application/pdf", document);
    }

    private void download(Context ctx, Answer.Issued issued, String ending, String mediaType, byte[] content)
            throws InterruptedException {
        UUID id = issued.certificate().claims().requestId();
        actions.note(Gate.person(ctx).actor(), Action.CERTIFICATE, id, null, null);
        ctx.header("Content-Disposition", "attachment; filename=\"certificate-" + id + "." + ending + "\"")
                .contentType(mediaType)
                .result(content);
    }

    private void checkpoint(Context ctx) {
        ctx.contentType("text/plain; charset=utf-8")
                .result(certificates.checkpoint().orElseThrow(() -> new NotFoundResponse("There is none yet.")));
    }

    private Answer.Issued issue(Context ctx) throws InterruptedException {
        UUID id = Api.requestId(ctx).orElseThrow(NotFoundResponse::new);
        Optional<String> since = Optional.ofNullable(ctx.queryParam("since"));
        long start = System.nanoTime();
        while (true) {
            switch (answer(id, since)) {
                case Answer.Issued issued -> {
                    return issued;
                }
                case Answer.Unknown unknown -> throw new NotFoundResponse("No such request is known.");
                case Answer.Forked forked ->
                    throw new ConflictResponse(
                            "The log was never what that checkpoint says: one of the two is forged.");
                case Answer.TooSoon tooSoon -> {
                    if (System.nanoTime() - start > PATIENCE.toNanos()) {
                        throw new ServiceUnavailableResponse(
                                "The last thing that happened to it is not under a checkpoint yet. Try again in a"
                                        + " moment.");
                    }
                    Thread.sleep(PAUSE);
                }
            }
        }
    }

    private Answer answer(UUID id, Optional<String> since) {
        try {
            return certificates.issue(id, since);
        } catch (IllegalArgumentException e) {
            throw new BadRequestResponse("The earlier checkpoint does not stand: " + e.getMessage() + ".");
        }
    }
}
