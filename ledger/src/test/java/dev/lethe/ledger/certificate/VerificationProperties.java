package dev.lethe.ledger.certificate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lethe.ledger.Histories;
import dev.lethe.ledger.certificate.Certificate.Evidence;
import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.journal.JournalEntry.Settled;
import dev.lethe.ledger.journal.Leaf;
import dev.lethe.ledger.keys.LedgerKeys;
import dev.lethe.ledger.keys.PublicKeys;
import dev.lethe.ledger.merkle.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What a certificate withstands. The attacker of most of these has the issuer's own key. */
class VerificationProperties {
    private static final LedgerKeys KEYS = LedgerKeys.create();
    private static final PublicKeys PUBLIC = KEYS.publicKeys();
    private static final int REQUESTS = 120;
    private static final MemoryLog LOG = new MemoryLog(Histories.interleaved(Histories.of(11, REQUESTS), 1), KEYS);
    /** Those with an outcome, of which there is something to hide. */
    private static final List<UUID> ERASED = IntStream.range(0, REQUESTS)
            .mapToObj(Histories::requestId)
            .filter(id -> LOG.timeline(id).stream().anyMatch(leaf -> leaf.entry() instanceof Settled))
            .toList();

    private static final String EARLIER = LOG.checkpoint(LOG.entries().size() / 2);
    private static final byte[] FILE = file(LOG.issue(ERASED.getFirst(), Optional.of(EARLIER)));

    @Provide
    Arbitrary<UUID> requests() {
        return Arbitraries.of(ERASED);
    }

    @Property(tries = 40)
    void acceptsWhatTheLedgerIssues(@ForAll("requests") UUID request) throws Exception {
        Answer.Issued issued = LOG.issue(request, Optional.of(EARLIER));

        Verification verification = Verification.of(file(issued), PUBLIC, Optional.of(EARLIER));

        assertThat(verification.certificate()).isEqualTo(issued.certificate());
        assertThat(verification.checked()).hasSize(4);
    }

    @Property(tries = 3000)
    void refusesACertificateWithAnyOneByteChanged(
            @ForAll @IntRange(max = 1_000_000) int anywhere, @ForAll @IntRange(min = 1, max = 255) int change) {
        byte[] changed = FILE.clone();
        changed[anywhere % changed.length] ^= (byte) change;

        assertThatThrownBy(() -> Verification.of(changed, PUBLIC, Optional.empty()))
                .isInstanceOf(RefusedException.class);
    }

    @Property(tries = 300)
    void refusesACertificateWithAByteMoreOrLess(
            @ForAll @IntRange(max = 1_000_000) int anywhere, @ForAll @IntRange(max = 127) int added) {
        int at = anywhere % FILE.length;
        byte[] shorter = new byte[FILE.length - 1];
        System.arraycopy(FILE, 0, shorter, 0, at);
        System.arraycopy(FILE, at + 1, shorter, at, FILE.length - at - 1);
        byte[] longer = new byte[FILE.length + 1];
        System.arraycopy(FILE, 0, longer, 0, at);
        longer[at] = (byte) added;
        System.arraycopy(FILE, at, longer, at + 1, FILE.length - at);

        assertThatThrownBy(() -> Verification.of(shorter, PUBLIC, Optional.empty()))
                .isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> Verification.of(longer, PUBLIC, Optional.empty()))
                .isInstanceOf(RefusedException.class);
    }

    @Property(tries = 40)
    void refusesWhatAnotherKeySigned(@ForAll("requests") UUID request) {
        LedgerKeys other = LedgerKeys.create();
        byte[] forged = file(new MemoryLog(LOG.entries(), other).issue(request, Optional.empty()));

        assertThatThrownBy(() -> Verification.of(forged, PUBLIC, Optional.empty()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("not of this key");
        assertThatThrownBy(() -> Verification.of(FILE, other.publicKeys(), Optional.empty()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("not of this key");
    }

    @Property(tries = 40)
    void refusesAnOutcomeThatWasRemovedFromTheLog(@ForAll("requests") UUID request) {
        Certificate honest = LOG.issue(request, Optional.empty()).certificate();
        int removed = (int) LOG.timeline(request).stream()
                .filter(leaf -> leaf.entry() instanceof Settled)
                .findFirst()
                .orElseThrow()
                .index();
        var left = new ArrayList<>(LOG.entries());
        left.remove(removed);
        MemoryLog shorter = new MemoryLog(left, KEYS);

        assertThatThrownBy(() -> Verification.of(
                        signed(with(honest, honest.evidence(), shorter.checkpoint(left.size()))),
                        PUBLIC,
                        Optional.empty()))
                .as("under the checkpoint of a log without it")
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("not in the log");
        List<JournalEntry> shown = LOG.timeline(request).stream()
                .filter(leaf -> leaf.index() != removed)
                .map(Leaf::entry)
                .toList();
        // What another outcome replaced can be left out by whoever has the key, and the certificate says that it can.
        Assume.that(!ClaimsOf.entries(request, shown).equals(Optional.of(honest.claims())));
        assertThatThrownBy(() -> Verification.of(
                        signed(with(
                                honest,
                                honest.evidence().stream()
                                        .filter(evidence -> evidence.index() != removed)
                                        .toList(),
                                honest.checkpoint())),
                        PUBLIC,
                        Optional.empty()))
                .as("claimed, and not shown")
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("does not follow");
    }

    @Property(tries = 40)
    void refusesALogThatWasForkedAfterTheEarlierCheckpoint(
            @ForAll("requests") UUID request, @ForAll @IntRange(max = 1_000_000) int anywhere) {
        int half = LOG.entries().size() / 2;
        var changed = new ArrayList<JournalEntry>(LOG.entries());
        JournalEntry out = changed.remove(anywhere % half);
        MemoryLog fork = new MemoryLog(changed, KEYS);
        if (out.request().equals(Optional.of(request))) {
            return;
        }
        Certificate forked =
                fork.issue(request, Optional.of(fork.checkpoint(half))).certificate();

        assertThatThrownBy(() -> Verification.of(signed(forked), PUBLIC, Optional.of(EARLIER)))
                .as("with a proof from the fork's own checkpoint")
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("forked");
        Certificate pretended = new Certificate(
                forked.version(),
                forked.issuer(),
                forked.issuedAt(),
                forked.lethe(),
                forked.claims(),
                forked.evidence(),
                forked.checkpoint(),
                new Certificate.Since(EARLIER, forked.since().path()));
        assertThatThrownBy(() -> Verification.of(signed(pretended), PUBLIC, Optional.of(EARLIER)))
                .as("with that proof under the true checkpoint's name")
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("forked");
        assertThat(new Issuer(KEYS, MemoryLog.ORIGIN, () -> Histories.START)
                        .issue(
                                request,
                                fork.timeline(request),
                                fork.checkpoint(changed.size()),
                                fork::tree,
                                Optional.of(EARLIER)))
                .as("an honest issuer sees it")
                .isInstanceOf(Answer.Forked.class);
    }

    @Example
    void refusesTwoLogsOfOneSize() {
        var changed = new ArrayList<>(LOG.entries());
        java.util.Collections.swap(changed, 2, 5);
        String other = new MemoryLog(changed, KEYS).checkpoint(changed.size());

        assertThatThrownBy(() -> Verification.of(FILE, PUBLIC, Optional.of(other)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("forked");
    }

    @Example
    void takesAnEarlierCertificateForACheckpointAndSaysWhatIsMissing() throws Exception {
        byte[] without = file(LOG.issue(ERASED.getFirst(), Optional.empty()));

        assertThat(Verification.of(without, PUBLIC, Optional.of(new String(FILE, UTF_8)))
                        .checked())
                .last()
                .asString()
                .contains("still begins with all");
        assertThatThrownBy(() -> Verification.of(without, PUBLIC, Optional.of(EARLIER)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("no proof from the earlier checkpoint");
    }

    @Example
    void aCheckpointOfAnotherKeyOrLogIsRefused() {
        LedgerKeys other = LedgerKeys.create();
        MemoryLog elsewhere = new MemoryLog(LOG.entries(), other);
        Certificate honest = LOG.issue(ERASED.getFirst(), Optional.empty()).certificate();

        assertThatThrownBy(() -> Verification.of(
                        signed(with(
                                honest,
                                honest.evidence(),
                                elsewhere.checkpoint(LOG.entries().size()))),
                        PUBLIC,
                        Optional.empty()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("checkpoint");
        String renamed = new Checkpoint("example.org/other", LOG.entries().size(), root()).sign(KEYS);
        assertThatThrownBy(() ->
                        Verification.of(signed(with(honest, honest.evidence(), renamed)), PUBLIC, Optional.empty()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("another log");
    }

    private static byte[] root() {
        return LOG.tree(LOG.entries().size()).root(LOG.entries().size());
    }

    private static Certificate with(Certificate certificate, List<Evidence> evidence, String checkpoint) {
        return new Certificate(
                certificate.version(),
                certificate.issuer(),
                certificate.issuedAt(),
                certificate.lethe(),
                certificate.claims(),
                evidence,
                checkpoint,
                certificate.since());
    }

    private static byte[] signed(Certificate certificate) {
        return CertificateFile.sign(certificate, KEYS).getBytes(UTF_8);
    }

    private static byte[] file(Answer.Issued issued) {
        return issued.file().getBytes(UTF_8);
    }
}
