package dev.lethe.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectTest {
    private static final SubjectKey KEY = new SubjectKey("A".repeat(22));

    @Test
    void mergingKnowsTheIdentifiersOfBothWithoutRepetition() {
        Subject one = subject(Map.of("email", List.of("a", "b"), "username", List.of("u")));
        Subject other = subject(Map.of("email", List.of("b", "c"), "phoneNumber", List.of("p")));

        Subject merged = one.mergedWith(other);

        assertThat(merged.identifiers())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("email", List.of("a", "b", "c"), "username", List.of("u"), "phoneNumber", List.of("p")));
        assertThat(merged.key()).isEqualTo(KEY);
        assertThat(merged.userId()).isEqualTo("user");
    }

    @Test
    void mergingWithTheSameChangesNothing() {
        assertThat(Samples.SUBJECT.mergedWith(Samples.SUBJECT)).isEqualTo(Samples.SUBJECT);
    }

    @Test
    void twoPeopleAreNeverMerged() {
        var other = new Subject(new SubjectKey("B".repeat(22)), "other", null, Map.of());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Samples.SUBJECT.mergedWith(other))
                .withMessageNotContaining("other")
                .withMessageNotContaining(Samples.USER);
    }

    @Test
    void valuesKnowTheUserAndTheTenantBesidesTheIdentifiers() {
        assertThat(Samples.SUBJECT.values(Subject.USER_ID)).containsExactly(Samples.USER);
        assertThat(Samples.SUBJECT.values(Subject.TENANT_ID)).containsExactly(Samples.TENANT);
        assertThat(Samples.SUBJECT.values("email")).containsExactly("ann@one.example", "ann@two.example");
        assertThat(Samples.SUBJECT.values("username")).isEmpty();
        assertThat(subject(Map.of()).values(Subject.TENANT_ID)).isEmpty();
    }

    @Test
    void anIdentifierWithoutValuesIsNone() {
        assertThat(subject(Map.of("email", List.of())).identifiers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n", "\u2003"})
    void aBlankIdentifierIsRefusedBecauseItWouldMatchOtherPeople(String blank) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Subject(KEY, blank, null, Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Subject(KEY, "user", blank, Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> subject(Map.of("email", List.of("a", blank))));
    }

    @Test
    void aSubjectDoesNotChangeWithWhatItWasMadeOf() {
        var values = new ArrayList<>(List.of("a"));
        var identifiers = new HashMap<String, List<String>>(Map.of("email", values));
        Subject subject = subject(identifiers);

        values.add("b");
        identifiers.clear();

        assertThat(subject.identifiers()).containsExactlyEntriesOf(Map.of("email", List.of("a")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "AAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAA+",
                "AAAAAAAAAAAAAAAAAAAAA\n"
            })
    void aSubjectKeyOfAnotherFormIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new SubjectKey(text));
    }

    private static Subject subject(Map<String, List<String>> identifiers) {
        return new Subject(KEY, "user", null, identifiers);
    }
}
