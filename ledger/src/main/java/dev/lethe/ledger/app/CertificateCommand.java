package dev.lethe.ledger.app;

import dev.lethe.cli.CommandFailedException;
import dev.lethe.cli.LetheCommand;
import dev.lethe.config.MisconfiguredException;
import dev.lethe.ledger.certificate.Answer;
import dev.lethe.ledger.certificate.Certificate;
import dev.lethe.ledger.certificate.CertificateHtml;
import dev.lethe.ledger.certificate.CertificatePdf;
import dev.lethe.ledger.certificate.CertificateText;
import dev.lethe.ledger.certificate.Certificates;
import dev.lethe.ledger.certificate.RefusedException;
import dev.lethe.ledger.certificate.Verification;
import dev.lethe.ledger.database.LedgerDatabase;
import dev.lethe.ledger.keys.LedgerKeys;
import dev.lethe.ledger.keys.PublicKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lethe certificate}. */
@Command(
        name = "certificate",
        description = {
            "Show what became of a request, and check what others show.",
            "",
            "'issue' makes a certificate from the ledger's database. 'verify' checks one offline, with the public key"
                    + " alone.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "Commands:%n",
        mixinStandardHelpOptions = true)
public final class CertificateCommand implements LetheCommand {
    private static final String SINCE =
            "An earlier checkpoint, or an earlier certificate, to show that the log was not changed" + " since.";

    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Name a command: issue, verify or checkpoint.");
    }

    /** Pages for people. */
    static final class Pages {
        @Option(names = "--html", paramLabel = "FILE", description = "Write it as a page to be printed, too.")
        private @Nullable Path html;

        @Option(names = "--pdf", paramLabel = "FILE", description = "Write it as PDF, too.")
        private @Nullable Path pdf;

        void write(Certificate certificate) throws CommandFailedException {
            CertificateText text = CertificateText.of(certificate);
            if (html != null) {
                CertificateCommand.write(html, CertificateHtml.page(text).getBytes(StandardCharsets.UTF_8));
            }
            if (pdf != null) {
                CertificateCommand.write(pdf, CertificatePdf.document(text));
            }
        }
    }

    @Command(
            name = "issue",
            mixinStandardHelpOptions = true,
            description = {"Make a certificate of what became of a request so far.", ""})
    int issue(
            @Mixin LedgerFile file,
            @Parameters(paramLabel = "REQUEST", description = "The request's id.") UUID request,
            @Option(names = "--since", paramLabel = "FILE", description = SINCE) @Nullable Path since,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description = "Where to write it (default: certificate-REQUEST.json).")
                    @Nullable
                    Path out,
            @Mixin Pages pages)
            throws MisconfiguredException, CommandFailedException {
        LedgerConfig config = file.load().config();
        LedgerKeys keys = LedgerKeys.load(config.proof().keys());
        Path target = out == null ? Path.of("certificate-" + request + ".json") : out;
        Answer answer = withDatabase(
                config,
                keys,
                certificates ->
                        certificates.issue(request, Optional.ofNullable(since == null ? null : earlier(since))));
        return switch (answer) {
            case Answer.Issued issued -> {
                write(target, issued.file().getBytes(StandardCharsets.UTF_8));
                pages.write(issued.certificate());
                say("Wrote " + target + ": request " + request + " is "
                        + issued.certificate().claims().status().word() + ".");
                yield 0;
            }
            case Answer.Unknown unknown ->
                throw new CommandFailedException("the ledger does not know the request " + request);
            case Answer.TooSoon soon ->
                throw new CommandFailedException(
                        "what last happened to the request is under no checkpoint yet; try again in a few seconds,"
                                + " while the ledger runs");
            case Answer.Forked forked ->
                throw new CommandFailedException(
                        "the log is not the one that the earlier checkpoint stands for: one of the two was forged");
        };
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = {
                "Check a certificate, offline, and say what was checked. Exit code 1 if it does not stand.",
                "",
                "Have the public key from the issuer in another way than the certificate.",
                ""
            })
    int verify(
            @Parameters(paramLabel = "FILE", description = "The certificate.") Path file,
            @Option(names = "--key", paramLabel = "FILE", required = true, description = "The issuer's public keys.")
                    Path key,
            @Option(names = "--since", paramLabel = "FILE", description = SINCE) @Nullable Path since,
            @Mixin Pages pages)
            throws MisconfiguredException, CommandFailedException {
        PublicKeys keys = PublicKeys.load(key);
        try {
            Verification verification =
                    Verification.of(bytes(file), keys, Optional.ofNullable(since == null ? null : text(since)));
            say("The certificate stands.");
            say("");
            verification.checked().forEach(line -> say("  + " + line));
            say("");
            CertificateText text = CertificateText.of(verification.certificate());
            text.summary().forEach(line -> say("  " + line));
            say("");
            say("What it does not prove:");
            text.unproven().forEach(line -> say("  - " + line));
            pages.write(verification.certificate());
            return 0;
        } catch (RefusedException e) {
            throw new CommandFailedException("The certificate does not stand. " + e.getMessage());
        }
    }

    @Command(
            name = "checkpoint",
            mixinStandardHelpOptions = true,
            description = {
                "Print the log's last checkpoint. Keep it, or give it to somebody whom others trust: by it, a later"
                        + " certificate can show that nothing was changed since.",
                ""
            })
    int checkpoint(@Mixin LedgerFile file) throws MisconfiguredException, CommandFailedException {
        LedgerConfig config = file.load().config();
        Optional<String> note =
                withDatabase(config, LedgerKeys.load(config.proof().keys()), Certificates::checkpoint);
        spec.commandLine()
                .getOut()
                .print(note.orElseThrow(
                        () -> new CommandFailedException("there is no checkpoint yet: the log is empty")));
        spec.commandLine().getOut().flush();
        return 0;
    }

    private interface Asked<T> {
        T ask(Certificates certificates) throws CommandFailedException;
    }

    private static <T> T withDatabase(LedgerConfig config, LedgerKeys keys, Asked<T> asked)
            throws CommandFailedException {
        try (var database = new LedgerDatabase(config.database())) {
            return asked.ask(
                    new Certificates(database.jdbi(), keys, config.proof().origin(), InstantSource.system()));
        } catch (JdbiException e) {
            throw new CommandFailedException(
                    "the ledger's database does not answer, or has no ledger in it; check 'database' in the"
                            + " configuration");
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException("the earlier checkpoint does not stand: " + e.getMessage());
        }
    }

    private static String earlier(Path since) throws CommandFailedException {
        String text = text(since);
        try {
            return Certificates.checkpointOf(text);
        } catch (RefusedException e) {
            throw new CommandFailedException(since + " is neither a checkpoint nor a certificate");
        }
    }

    private static byte[] bytes(Path file) throws CommandFailedException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CommandFailedException("the file " + file + " can't be read");
        }
    }

    private static String text(Path file) throws CommandFailedException {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }

    private static void write(Path file, byte[] content) throws CommandFailedException {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new CommandFailedException("the file " + file + " can't be written");
        }
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
    }
}
