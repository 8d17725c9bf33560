package dev.lethe.worker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotBlank;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
    private static final Subject ADA = new Subject(
            new SubjectKey("0123456789012345678901"),
            "ada",
            "t1",
            Map.of("email", List.of("ada@example.org", "a@example.org"), "username", List.of("ada")));

    @Test
    void aPlaceholderIsFilledWithEveryValueOfTheIdentifier() {
        assertThat(expand("session:{userId}")).containsExactly("session:ada");
        assertThat(expand("{tenantId}/{email}/x")).containsExactly("t1/ada@example.org/x", "t1/a@example.org/x");
        assertThat(expand("{email}-{email}")).hasSize(4);
    }

    @Test
    void equalTextsAreOne() {
        var twice = new Subject(ADA.key(), "ada", null, Map.of("email", List.of("a", "a")));

        assertThat(Template.parse("{email}").expand(twice, UnaryOperator.identity()))
                .containsExactly("a");
    }

    @Test
    void valuesAreEscapedAndTheTextAroundThemIsNot() {
        assertThat(Template.parse("*{userId}*").expand(ADA, value -> "<" + value + ">"))
                .containsExactly("*<ada>*");
    }

    @Test
    void aDoubledBraceIsABrace() {
        assertThat(expand("cart:{{{userId}}}:{{x}}")).containsExactly("cart:{ada}:{x}");
    }

    @Test
    void aSubjectWithoutTheIdentifierHasNoText() {
        Template template = Template.parse("{userId}:{phoneNumber}");

        assertThat(template.isResolvedBy(ADA)).isFalse();
        assertThat(template.expand(ADA, UnaryOperator.identity())).isEmpty();
        assertThat(Template.parse("{userId}:{email}").isResolvedBy(ADA)).isTrue();
    }

    @Test
    void anIdentifierCanHaveAnyNameThatTheIngressMayHaveGivenIt() {
        assertThat(Template.parse("{customerNumber}{email2}{legacy.id}{phone-home}")
                        .identifiers())
                .containsExactly("customerNumber", "email2", "legacy.id", "phone-home");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    session:{userid}  | {userid} is no identifier, did you mean {userId}?
                    session:{user_id} | {user_id} is no identifier, did you mean {userId}?
                    {usrId}           | {usrId} is no identifier, did you mean {userId}?
                    {e-mail}          | {e-mail} is no identifier, did you mean {email}?
                    {userName}        | {userName} is no identifier, did you mean {username}?
                    {tenant}{tenantID}| {tenantID} is no identifier, did you mean {tenantId}?
                    a:{}              | {} is no placeholder
                    a:{ userId }      | { userId } is no placeholder
                    a:{1}             | {1} is no placeholder
                    a:{userId         | has a single {; write {{ for
                    a:userId}         | has a single }; write }} for
                    a:{{userId}}      | is the same for everybody; name an identifier, such as {userId}
                    a:*               | is the same for everybody
                    """)
    void whatIsMalformedUnknownOrMissingIsSaidWithWhatToDo(String text, String problem) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Template.parse(text))
                .withMessageContaining(problem);
    }

    @Test
    void problemsHaveTheirPlaceInTheConfiguration() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigFile.parse(
                        "sessions",
                        """
                        keys: ["session:{userid}", "cart:*"]
                        topics: { carts: "{" }
                        field: "x"
                        """,
                        Map.of(),
                        section -> List.of(
                                Template.readList(section, "keys"),
                                Template.readByName(section, "topics"),
                                Template.readOptional(section, "field"))))
                .withMessageContainingAll(
                        "keys: {userid} is no identifier, did you mean {userId}?",
                        "keys: \"cart:*\" is the same for everybody",
                        "topics.carts: \"{\" has a single {",
                        "field: \"x\" is the same for everybody");
    }

    @Test
    void configuredTemplatesAreRead() throws ConfigException {
        List<Object> read = ConfigFile.parse(
                        "sessions",
                        "{ keys: \"{userId}\", topics: { carts: \"cart-{userId}\" } }",
                        Map.of(),
                        section -> List.<Object>of(
                                Template.readList(section, "keys"),
                                Template.readByName(section, "topics"),
                                Template.readOptional(section, "field")))
                .config();

        assertThat(read)
                .containsExactly(
                        List.of(Template.parse("{userId}")),
                        Map.of("carts", Template.parse("cart-{userId}")),
                        Optional.empty());
    }

    @Property
    void anyValueComesThroughAsItIs(@ForAll @NotBlank String value) {
        var subject = new Subject(ADA.key(), value, null, Map.of());

        assertThat(Template.parse("a{userId}b").expand(subject, UnaryOperator.identity()))
                .containsExactly("a" + value + "b");
    }

    private static List<String> expand(String text) {
        return Template.parse(text).expand(ADA, UnaryOperator.identity());
    }
}
