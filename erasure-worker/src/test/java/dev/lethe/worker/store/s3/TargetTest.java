package dev.lethe.worker.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import dev.lethe.worker.store.Template;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
    private static final Target PREFIX = new Target(Template.parse("uploads/{userId}/"), true);
    private static final Target OBJECT = new Target(Template.parse("avatars/{userId}.png"), false);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ada", "ADA", "a*a", "a%2Fb", "ada.", "...", "a\nb", "a\tb", "a\rb", "🦉", "a&amp;b", "<a>", "a\\b"
            })
    void anyTextIsTakenLiterally(String userId) {
        assertThat(PREFIX.unfit(subject(userId))).isEmpty();
        assertThat(PREFIX.keys(subject(userId))).containsExactly("uploads/" + userId + "/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "/", "..", ".", "../ada"})
    void aSegmentOfAPathIsOne(String userId) {
        assertThat(PREFIX.unfit(subject(userId))).contains("INVALID_IDENTIFIER");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "..", "../ada"})
    void aWholeKeyMayHaveSegments(String userId) {
        assertThat(OBJECT.unfit(subject(userId))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000", "\u0001b", "\ud83e", "a\uffffb", "\u001b"})
    void whatNoXmlHoldsIsInvalid(String userId) {
        assertThat(OBJECT.unfit(subject(userId))).contains("INVALID_IDENTIFIER");
    }

    @Test
    void aKeyHas1024BytesAtMost() {
        assertThat(OBJECT.unfit(subject("a".repeat(1024 - "avatars/.png".length()))))
                .isEmpty();
        assertThat(OBJECT.unfit(subject("a".repeat(1025 - "avatars/.png".length()))))
                .contains("INVALID_IDENTIFIER");
        assertThat(OBJECT.unfit(subject("ä".repeat(507)))).contains("INVALID_IDENTIFIER");
    }

    @Test
    void whoLacksTheIdentifierIsUnresolved() {
        var target = new Target(Template.parse("mail/{email}/"), true);

        assertThat(target.unfit(subject("ada"))).contains("UNRESOLVED");
    }

    private static Subject subject(String userId) {
        return new Subject(new SubjectKey("0123456789012345678901"), userId, null, Map.of());
    }
}
