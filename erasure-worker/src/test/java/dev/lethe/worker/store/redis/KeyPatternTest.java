package dev.lethe.worker.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.worker.store.Template;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyPatternTest {
    private static final String UUID = "00000000-0000-4000-8000-00000000000a";

    @ParameterizedTest
    @CsvSource({
        "cart:{userId}:*, ada, cart:ada:1, true",
        "cart:{userId}:*, ada, cart:ada:, true",
        "cart:{userId}:*, ada, cart:ada, false",
        "cart:{userId}:*, ada, cart:ada:1:x, false",
        "cart:{userId}:*:*, ada, cart:ada:1:x, true",
        "cart:{userId}:*, ada:1, cart:ada:1:x, true",
        "cart:{userId}:*, ad*, cart:ada:1, false",
        "*:{userId}, ada, cart:ada, true",
        "*:{userId}, ada, cart:1:ada, false",
        "*/{userId}:*, ada, cart:1/ada:x, true",
        "*/{userId}:*, ada, cart/1/ada:x, false",
    })
    void aWildcardEndsAtTheSeparatorOfTheIdentifier(String template, String userId, String key, boolean matches) {
        assertThat(pattern(template, userId).matches(key)).isEqualTo(matches);
    }

    @Test
    void behindAUuidAWildcardReachesOverSeparators() {
        assertThat(pattern("cart:{userId}:*", UUID).matches("cart:" + UUID + ":1:x"))
                .isTrue();
        assertThat(pattern("cart:{userId}:*", UUID).matches("cart:" + UUID + "0:1"))
                .isFalse();
    }

    @Test
    void whatIsLeftAloneForWantOfCertaintyIsKnown() {
        assertThat(pattern("cart:{userId}:*", "ada").isInDoubt("cart:ada:1:x")).isTrue();
        assertThat(pattern("cart:{userId}:*", "ada").isInDoubt("cart:ada:1")).isFalse();
        assertThat(pattern("cart:{userId}:*", "ada").isInDoubt("cart:bob:1:x")).isFalse();
    }

    @Property
    void anyIdentifierIsTakenLiterally(@ForAll @NotEmpty String userId) {
        KeyPattern pattern = pattern("cart:{userId}:*", userId);

        assertThat(pattern.matches(Bytes.of("cart:" + userId + ":1"))).isTrue();
        assertThat(pattern.matches(Bytes.of("cart:" + userId + "0:1"))).isFalse();
        assertThat(pattern.head()).isEqualTo(Bytes.of("cart:" + userId + ":"));
    }

    @Test
    void allPatternsOfABatchShareOneGlob() {
        var index = new PatternIndex();
        var target = Target.ofKeys(Template.parse("cart:{userId}:*"));
        index.add(target.lookups().getFirst(), List.of("a*b"), 0, 0);
        assertThat(index.glob()).isEqualTo("cart:a\\*b:*");

        index.add(target.lookups().getFirst(), List.of("a*c"), 0, 1);
        assertThat(index.glob()).isEqualTo("cart:a\\**");
        assertThat(index.targetBySubject("cart:a*c:1")).isEqualTo(Map.of(1, 0));
        assertThat(index.targetBySubject("cart:axc:1")).isEmpty();
    }

    @Test
    void aKeyOfSeveralTargetsCountsForTheFirst() {
        var index = new PatternIndex();
        index.add(Target.ofKeys(Template.parse("*:{userId}")).lookups().getFirst(), List.of("ada"), 3, 0);
        index.add(Target.ofKeys(Template.parse("*:{userId}:*")).lookups().getFirst(), List.of("ada"), 2, 0);
        index.add(Target.ofKeys(Template.parse("a:{userId}:*")).lookups().getFirst(), List.of("ada"), 1, 0);

        assertThat(index.targetBySubject("a:ada:x")).isEqualTo(Map.of(0, 1));
        assertThat(index.targetBySubject("b:ada")).isEqualTo(Map.of(0, 3));
        assertThat(index.targetBySubject("b:ada:x")).isEqualTo(Map.of(0, 2));
    }

    private static KeyPattern pattern(String template, String userId) {
        return KeyPattern.of(Template.parse(template), List.of(userId));
    }
}
