package dev.lethe.ledger.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.cli.LetheRun;
import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.ledger.Histories;
import dev.lethe.ledger.Postgres;
import dev.lethe.ledger.certificate.Verification;
import dev.lethe.ledger.database.DatabaseConfig;
import dev.lethe.ledger.database.DatabaseTiles;
import dev.lethe.ledger.database.LedgerDatabase;
import dev.lethe.ledger.database.Projection;
import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.journal.JournalEntry.Requested;
import dev.lethe.ledger.journal.JournalEntry.Settled;
import dev.lethe.ledger.journal.JournalRecord;
import dev.lethe.ledger.keys.LedgerKeys;
import dev.lethe.ledger.merkle.Checkpoint;
import dev.lethe.ledger.merkle.MerkleTree;
import dev.lethe.ledger.merkle.Tiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code lethe certificate}, as it is typed, on a ledger's database. */
@Tag("thorough")
class CertificateCommandIT {
    private static final String ORIGIN = "example.org/lethe";

    @RegisterExtension
    static final Postgres POSTGRES = new Postgres();

    private static final UUID DONE = Histories.requestId(1);
    private static final UUID NOT_YET_UNDER_A_CHECKPOINT = Histories.requestId(2);

    @TempDir
    static Path shared;

    @TempDir
    private Path folder;

    private static LedgerKeys keys;
    private static Path publicKeys;
    private static Path config;
    /** A checkpoint that somebody kept, before the request was done. */
    private static Path kept;

    private Path certificate;

    @BeforeAll
    static void start() throws Exception {
        Path privateKeys = shared.resolve("ledger-keys.json");
        publicKeys = shared.resolve("ledger-keys.public.json");
        keys = LedgerKeys.create(privateKeys, publicKeys);
        DatabaseConfig database = POSTGRES.newDatabase();
        config = configOf(database.url(), privateKeys);
        try (var opened = new LedgerDatabase(database)) {
            opened.migrate();
            var projection = new Projection(opened.jdbi(), keys.publicKeys(), ORIGIN);
            kept = Files.writeString(
                    shared.resolve("january.checkpoint"), checkpointAfter(projection, opened, requested(1)));
            checkpointAfter(
                    projection,
                    opened,
                    settled("newsletter", Status.NOT_FOUND),
                    settled("sessions", Status.ERASED),
                    settled("shop-db", Status.RETAINED));
            apply(projection, List.of(requested(2)));
        }
    }

    @BeforeEach
    void nameTheCertificate() {
        certificate = folder.resolve("certificate.json");
    }

    @Test
    void issueWritesTheCertificateAndPagesForPeople() throws Exception {
        Path html = folder.resolve("page.html");
        Path pdf = folder.resolve("page.pdf");

        LetheRun run = issue(DONE, "--html", html, "--pdf", pdf);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .isEqualToIgnoringNewLines("Wrote %s: request %s is completed.".formatted(certificate, DONE));
        assertThat(Verification.of(Files.readAllBytes(certificate), keys.publicKeys(), Optional.empty())
                        .certificate()
                        .claims()
                        .requestId())
                .isEqualTo(DONE);
        assertThat(html).content(UTF_8).contains("Certificate of erasure", DONE.toString(), "tax law");
        assertThat(Files.readAllBytes(pdf)).startsWith("%PDF-".getBytes(UTF_8));
    }

    @Test
    void verifySaysWhatItCheckedWhatBecameOfTheRequestAndWhatIsNotProven() {
        issue(DONE);
        Path html = folder.resolve("theirs.html");
        Path pdf = folder.resolve("theirs.pdf");

        LetheRun run = verify("--html", html, "--pdf", pdf);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .startsWith("The certificate stands.")
                .contains(
                        "+ The certificate was signed with the key "
                                + keys.publicKeys().id(),
                        "+ Each of the 4 entries about the request is in the log " + ORIGIN,
                        "Store sessions: 2 items deleted or made anonymous; nothing is left.",
                        "What it does not prove:",
                        "- That backups hold nothing.");
        assertThat(run.err()).isEmpty();
        assertThat(html).content(UTF_8).contains(DONE.toString());
        assertThat(pdf).isNotEmptyFile();
    }

    @Test
    void aCheckpointThatWasKeptShowsThatNothingWasChangedSince() {
        assertThat(issue(DONE, "--since", kept).exitCode()).isZero();

        LetheRun run = verify("--since", kept);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("+ The log still begins with all of the 1 entries");
    }

    @Test
    void soDoesACertificateThatWasKept() throws Exception {
        issue(DONE);
        Path earlier = Files.move(certificate, folder.resolve("earlier.json"));
        assertThat(issue(DONE, "--since", earlier).exitCode()).isZero();

        LetheRun run = verify("--since", earlier);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("The log still begins with all of the 4 entries");
    }

    @Test
    void checkpointPrintsTheLastOneToBeKept() {
        LetheRun run = LetheRun.of("certificate", "checkpoint", "--config", config);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(Checkpoint.open(run.out(), keys.publicKeys()).size()).isEqualTo(4);
    }

    @Test
    void aLogWithNothingInItHasNoCheckpoint() throws Exception {
        DatabaseConfig empty = POSTGRES.newDatabase();
        try (var opened = new LedgerDatabase(empty)) {
            opened.migrate();
        }

        LetheRun run = LetheRun.of(
                "certificate", "checkpoint", "--config", configOf(empty.url(), shared.resolve("ledger-keys.json")));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("there is no checkpoint yet");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void issueRefusesARequestThatIsNotKnown() {
        assertRefused(
                issue(Histories.requestId(77)), 1, "the ledger does not know the request " + Histories.requestId(77));
    }

    @Test
    void issueRefusesWhatIsUnderNoCheckpointYet() {
        assertRefused(issue(NOT_YET_UNDER_A_CHECKPOINT), 1, "under no checkpoint yet; try again");
    }

    @Test
    void issueRefusesWhatIsNoRequest() {
        LetheRun run = issue("7b0e");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("(REQUEST)", "this is no id such as ", "Usage: lethe certificate issue");
        assertThat(certificate).doesNotExist();
    }

    @Test
    void issueRefusesTheCheckpointOfAFork() throws Exception {
        assertRefused(issue(DONE, "--since", fork()), 1, "one of the two was forged");
    }

    @Test
    void issueRefusesACheckpointFromTheFuture() throws Exception {
        Path later = note(new Checkpoint(ORIGIN, 1000, new byte[32]).sign(keys));

        assertRefused(issue(DONE, "--since", later), 1, "one of the two was forged");
    }

    @Test
    void issueRefusesACheckpointOfSomebodyElse() throws Exception {
        Path theirs = note(new Checkpoint(ORIGIN, 1, new byte[32]).sign(LedgerKeys.create()));

        assertRefused(
                issue(DONE, "--since", theirs),
                1,
                "the earlier checkpoint does not stand: its signature is not one of this key");
    }

    @Test
    void issueRefusesWhatIsNeitherCheckpointNorCertificate() throws Exception {
        assertRefused(issue(DONE, "--since", note("{}")), 1, "neither a checkpoint nor a certificate");
        assertRefused(issue(DONE, "--since", note("anything")), 1, "the earlier checkpoint does not stand");
        Path missing = folder.resolve("missing");
        assertRefused(issue(DONE, "--since", missing), 1, "the file " + missing + " can't be read");
    }

    @Test
    void issueNeedsAConfigurationWithKeysAndADatabase() throws Exception {
        Path none = folder.resolve("ledger.yaml");
        assertRefused(issueWith(none), 2, none.toString());
        assertRefused(issueWith(Files.writeString(none, "stores: [shop-db]\n")), 2, "database");
        Path noKeys = configOf("jdbc:postgresql://127.0.0.1:1/none", folder.resolve("none.json"));
        assertRefused(issueWith(noKeys), 2, "there is no file " + folder.resolve("none.json"));
        Path nothingInIt = configOf(POSTGRES.newDatabase().url(), shared.resolve("ledger-keys.json"));
        assertRefused(issueWith(nothingInIt), 1, "does not answer, or has no ledger in it");
    }

    @Test
    void issueSaysWhichFileCannotBeWritten() {
        Path nowhere = folder.resolve("none/certificate.json");

        LetheRun run = LetheRun.of("certificate", "issue", DONE, "--config", config, "--out", nowhere);

        assertRefused(run, 1, "the file " + nowhere + " can't be written");
    }

    @Test
    void verifyRefusesAnotherKey() throws Exception {
        issue(DONE);
        Path other = Files.writeString(
                folder.resolve("other.json"), LedgerKeys.create().publicKeys().format());

        assertDoesNotStand(
                LetheRun.of("certificate", "verify", certificate, "--key", other), "The signature is not of this key");
    }

    @Test
    void verifyTakesAnOlderKeyFromTheFileOfAllOfThem() throws Exception {
        issue(DONE);
        Path privateKeys = Files.copy(shared.resolve("ledger-keys.json"), folder.resolve("k.json"));
        Path all = folder.resolve("k.public.json");
        LetheRun.of("ledger-keys", "rotate", "--file", privateKeys, "--public", all);

        LetheRun run = LetheRun.of("certificate", "verify", certificate, "--key", all);

        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    @Test
    void verifyRefusesAFileThatWasChangedAndWritesNoPage() throws Exception {
        issue(DONE);
        Path html = folder.resolve("page.html");
        Files.writeString(certificate, Files.readString(certificate).replaceFirst("\"completed\"", "\"cancelled\""));

        assertDoesNotStand(verify("--html", html), "The part of the file that people read is not what was signed.");
        assertThat(html).doesNotExist();
    }

    @Test
    void verifyRefusesWhatIsNoCertificate() throws Exception {
        assertRefusedWithoutFile(verify(), 1, "the file " + certificate + " can't be read");
        Files.writeString(certificate, "<html>");
        assertDoesNotStand(verify(), "it is not even JSON");
        Files.writeString(certificate, "{}");
        assertDoesNotStand(verify(), "There is no signature in the file.");
    }

    @Test
    void verifyNeedsPublicKeys() {
        issue(DONE);
        Path missing = folder.resolve("missing.json");

        assertThat(LetheRun.of("certificate", "verify", certificate))
                .satisfies(run -> assertThat(run.exitCode()).isEqualTo(2))
                .satisfies(run -> assertThat(run.err()).contains("--key"));
        assertThat(LetheRun.of("certificate", "verify", certificate, "--key", missing))
                .satisfies(run -> assertThat(run.exitCode()).isEqualTo(2))
                .satisfies(run -> assertThat(run.err()).contains("the file " + missing + " can't be read"));
        assertThat(LetheRun.of("certificate", "verify", certificate, "--key", shared.resolve("ledger-keys.json")))
                .satisfies(run -> assertThat(run.exitCode()).isEqualTo(2))
                .satisfies(run -> assertThat(run.err()).contains("there is a private key in it"));
    }

    @Test
    void verifyRefusesALogThatWasForked() throws Exception {
        issue(DONE, "--since", kept);

        assertDoesNotStand(verify("--since", fork()), "The log was forked");
    }

    @Test
    void verifySaysWhichProofIsMissing() {
        issue(DONE);

        assertDoesNotStand(verify("--since", kept), "has no proof from the earlier checkpoint on. Ask the issuer");
    }

    @Test
    void verifyRefusesACheckpointThatIsNone() throws Exception {
        issue(DONE, "--since", kept);

        assertDoesNotStand(verify("--since", note("anything")), "The checkpoint does not stand");
        assertDoesNotStand(
                verify("--since", note(new Checkpoint(ORIGIN, 1, new byte[32]).sign(LedgerKeys.create()))),
                "its signature is not one of this key");
    }

    @Test
    void aCommandHasToBeNamed() {
        LetheRun run = LetheRun.of("certificate");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("Name a command: issue, verify or checkpoint.");
    }

    private LetheRun issue(Object request, Object... more) {
        var arguments = new ArrayList<Object>(
                List.of("certificate", "issue", request, "--config", config, "--out", certificate));
        arguments.addAll(List.of(more));
        return LetheRun.of(arguments.toArray());
    }

    private LetheRun issueWith(Path otherConfig) {
        return LetheRun.of("certificate", "issue", DONE, "--config", otherConfig, "--out", certificate);
    }

    private LetheRun verify(Object... more) {
        var arguments = new ArrayList<Object>(List.of("certificate", "verify", certificate, "--key", publicKeys));
        arguments.addAll(List.of(more));
        return LetheRun.of(arguments.toArray());
    }

    private void assertRefused(LetheRun run, int exitCode, String why) {
        assertRefusedWithoutFile(run, exitCode, why);
        assertThat(certificate).doesNotExist();
    }

    private static void assertRefusedWithoutFile(LetheRun run, int exitCode, String why) {
        assertThat(run.err()).contains(why).doesNotContain("Exception", "\tat ");
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.out()).isEmpty();
    }

    private static void assertDoesNotStand(LetheRun run, String why) {
        assertRefusedWithoutFile(run, 1, "The certificate does not stand.");
        assertThat(run.err()).contains(why);
    }

    /** Another log under the same name, whose checkpoint the same key signed. */
    private Path fork() throws Exception {
        return note(new Checkpoint(ORIGIN, 1, new byte[32]).sign(keys));
    }

    private Path note(String text) throws Exception {
        return Files.writeString(folder.resolve("note"), text);
    }

    private static Path configOf(String url, Path privateKeys) throws Exception {
        return Files.writeString(
                Files.createTempFile(shared, "ledger", ".yaml"), """
                    database: { url: "%s", username: postgres }
                    stores: [newsletter, sessions, shop-db]
                    access: { tokens: { office: { token: "a token of thirty-two characters" } } }
                    proof: { keys: "%s", origin: %s }
                    """.formatted(url, privateKeys, ORIGIN));
    }

    private static Requested requested(int number) {
        return new Requested(
                Histories.requestId(number),
                Histories.subject(number),
                Histories.START,
                Histories.START,
                Histories.START.plus(Duration.ofDays(30)),
                "fusionauth",
                "user.delete",
                Histories.STORES);
    }

    private static Settled settled(String store, Status status) {
        return new Settled(Histories.outcome(1, store, Outcome.ERASE, Histories.START.plusSeconds(60), status));
    }

    private static String checkpointAfter(Projection projection, LedgerDatabase database, JournalEntry... entries)
            throws Exception {
        apply(projection, List.of(entries));
        Projection.Position position = projection.position();
        byte[] root = database.jdbi()
                .withHandle(handle ->
                        new MerkleTree(new Tiles(new DatabaseTiles(handle), position.size())).root(position.size()));
        String note = new Checkpoint(ORIGIN, position.size(), root).sign(keys);
        var record = new JournalRecord(position.nextOffset(), Histories.START, true, note);
        projection.apply(position.nextOffset(), List.of(record), position.nextOffset() + 1);
        return note;
    }

    private static void apply(Projection projection, List<JournalEntry> entries) throws Exception {
        long offset = projection.position().nextOffset();
        projection.apply(offset, Histories.records(entries, offset), offset + entries.size());
    }
}
