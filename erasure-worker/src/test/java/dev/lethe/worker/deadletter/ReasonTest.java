package dev.lethe.worker.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lethe.events.Keys;
import dev.lethe.events.Subject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReasonTest {
    private static final Subject ANN = new Subject(
            Keys.create().subjectKey(null, "4711"),
            "4711",
            null,
            Map.of("username", List.of("ann.o'hara"), "phoneNumber", List.of("+49 30 1234")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "two\nlines",
                "\u001b[2J",
                "asked ann@one.example",
                "it was 0f8b7c1e-6f0e-4a2b-9d53-5a1f7c2e9b10",
                "it was 0F8B7C1E6F0E4A2B9D535A1F7C2E9B10, I think"
            })
    void aReasonThatIsNoneOrNamesSomebodyIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Reason(text))
                .withMessageNotContainingAny("ann@", "0f8b", "0F8B");
    }

    @Test
    void aReasonHas200CharactersHoweverManyBytesTheyAre() {
        assertThat(new Reason("😀".repeat(200)).text()).hasSize(400);
        assertThatIllegalArgumentException().isThrownBy(() -> new Reason("😀".repeat(201)));
    }

    @Test
    void spaceAroundItIsDropped() {
        assertThat(new Reason("  erased by hand ").text()).isEqualTo("erased by hand");
    }

    @ParameterizedTest
    @ValueSource(strings = {"user 4711 left", "Ann.O'Hara's rows", "called +49 30 1234 twice"})
    void anIdentifierOfThePersonIsFoundInWhateverCase(String text) {
        assertThat(new Reason(text).names(ANN)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ticket 47110", "order 14711", "erased by hand, see INC-2231"})
    void partOfAnotherWordIsNoIdentifier(String text) {
        assertThat(new Reason(text).names(ANN)).isFalse();
    }
}
