package dev.lethe.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.events.ErasureRequest.SealedSubject;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

/** Whoever logs one of these tells nothing: two that differ in their secrets alone print alike. */
@Domain(WireDomain.class)
class RedactionTest {
    private static final SubjectKey KEY = new SubjectKey("A".repeat(22));

    @Property
    void aSubjectPrintsWhichIdentifiersThereAreAndNeverWhatTheyAre(@ForAll Subject one, @ForAll Subject other) {
        assertThat(subjectWithValuesOf(one))
                .hasToString(subjectWithValuesOf(other).toString());
        assertThat(subjectWithValuesOf(one)).hasToString("Subject[" + KEY + ", identifiers=[email]]");
    }

    @Property(tries = 100)
    void aPlaintextPrintsNothingOfThePerson(@ForAll Subject subject) {
        assertThat(Subject.Plaintext.of(subject)).hasToString("Plaintext[redacted]");
    }

    @Property(tries = 100)
    void aSealedSubjectPrintsItsPseudonymAlone(@ForAll Subject subject) {
        assertThat(new SealedSubject(KEY, subject.userId())).hasToString("SealedSubject[" + KEY + "]");
    }

    @Example
    void aRequestPrintsNeitherThePersonNorTheSeal() {
        assertThat(Samples.REQUEST.toString())
                .contains(Samples.SUBJECT.key().value())
                .doesNotContain(Samples.USER)
                .doesNotContain(Samples.SUBJECT.values("email"))
                .doesNotContain(Samples.REQUEST.subject().sealed());
    }

    @Example
    void keysPrintTheIdOfThePrimaryAndNoSecret() {
        var keys = Samples.KEYS;

        assertThat(keys).hasToString("Keys[primary=" + keys.primaryId() + ", size=1]");
    }

    private static Subject subjectWithValuesOf(Subject subject) {
        return new Subject(KEY, subject.userId(), subject.tenantId(), Map.of("email", List.of(subject.userId())));
    }
}
