package dev.lethe.ledger.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.events.SubjectKey;
import dev.lethe.ledger.journal.JournalEntry.Acted;
import dev.lethe.ledger.journal.JournalEntry.Announced;
import dev.lethe.ledger.journal.JournalEntry.CalledBack;
import dev.lethe.ledger.journal.JournalEntry.DeadLetterClosed;
import dev.lethe.ledger.journal.JournalEntry.DeadLettered;
import dev.lethe.ledger.journal.JournalEntry.Held;
import dev.lethe.ledger.journal.JournalEntry.Released;
import dev.lethe.ledger.journal.JournalEntry.Requested;
import dev.lethe.ledger.journal.JournalEntry.Withdrawn;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes of entries are leaves of the tree: other bytes for the same entry would be another log. */
class JournalCodecTest {
    private static final UUID ID = UUID.fromString("7b0e4f0a-0000-4000-8000-000000000001");
    private static final SubjectKey SUBJECT = new SubjectKey("subject_00000000000001");
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123Z");
    private static final Instant DUE = Instant.parse("2026-04-01T10:00:00Z");

    static Stream<Arguments> entries() {
        return Stream.of(
                Arguments.of(
                        new Announced(ID, SUBJECT, AT, AT, DUE, "fusionauth", "user.delete"),
                        "{'kind':'announced','version':1,'requestId':'ID','subjectKey':'SUBJECT','at':'AT',"
                                + "'requestedAt':'AT','dueBy':'DUE','source':'fusionauth','type':'user.delete'}"),
                Arguments.of(
                        new Requested(ID, SUBJECT, AT, AT, DUE, "fusionauth", "user.delete", List.of("shop")),
                        "{'kind':'requested','version':1,'requestId':'ID','subjectKey':'SUBJECT','at':'AT',"
                                + "'requestedAt':'AT','dueBy':'DUE','source':'fusionauth','type':'user.delete',"
                                + "'stores':['shop']}"),
                Arguments.of(
                        new DeadLettered(ID + "/shop", AT, ID, "shop", "CONFLICT", 3, DUE),
                        "{'kind':'dead-letter','version':1,'key':'ID/shop','at':'AT','requestId':'ID','store':'shop',"
                                + "'code':'CONFLICT','attempts':3,'firstFailedAt':'DUE'}"),
                Arguments.of(
                        new DeadLetterClosed(ID + "/shop", AT, ID, null, null),
                        "{'kind':'dead-letter-closed','version':1,'key':'ID/shop','at':'AT','requestId':'ID'}"),
                Arguments.of(
                        DeadLetterClosed.unseen(ID + "/shop", ID, AT),
                        "{'kind':'dead-letter-closed','version':1,'key':'ID/shop','at':'AT','requestId':'ID',"
                                + "'opened':'AT'}"),
                Arguments.of(
                        new Acted(ID, AT, "office", "redrive", null, "shop", null),
                        "{'kind':'action','version':1,'id':'ID','at':'AT','actor':'office','action':'redrive',"
                                + "'store':'shop'}"),
                Arguments.of(
                        new Held(ID, SUBJECT, AT, AT, DUE, "opendsr.acme", "erasure.gdpr", ID, DUE, List.of("a", "b")),
                        "{'kind':'held','version':1,'requestId':'ID','subjectKey':'SUBJECT','at':'AT','requestedAt':'AT',"
                                + "'dueBy':'DUE','source':'opendsr.acme','type':'erasure.gdpr','subjectRequestId':'ID',"
                                + "'until':'DUE','callbacks':['a','b']}"),
                Arguments.of(new Released(ID, AT), "{'kind':'released','version':1,'requestId':'ID','at':'AT'}"),
                Arguments.of(
                        new Withdrawn(ID, AT, "opendsr.acme"),
                        "{'kind':'withdrawn','version':1,'requestId':'ID','at':'AT','by':'opendsr.acme'}"),
                Arguments.of(
                        new CalledBack(ID, AT, "a", 2, true),
                        "{'kind':'called-back','version':1,'requestId':'ID','at':'AT','callback':'a','change':2,"
                                + "'delivered':true}"));
    }

    @ParameterizedTest
    @MethodSource("entries")
    void theBytesOfAnEntryStayAsTheyAre(JournalEntry entry, String json) throws Exception {
        String expected = json.replace('\'', '"')
                .replace("SUBJECT", SUBJECT.value())
                .replace("ID", ID.toString())
                .replace("AT", AT.toString())
                .replace("DUE", DUE.toString());

        assertThat(JournalCodec.encode(entry)).isEqualTo(expected);
        assertThat(JournalCodec.decode(expected)).isEqualTo(entry);
    }
}
