package dev.lethe.worker.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ForgetCheckCommandTest {
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zoe@example.net",
                "email=",
                "=zoe@example.net",
                "userId=zoe@example.net",
                "tenantId=zoe@example.net"
            })
    void anIdentifierThatIsNoneIsRefusedWithoutRepeatingIt(String identifier) {
        assertThat(run("--subject", "913a", "--identifier", identifier)).isEqualTo(2);
        assertThat(err.toString()).doesNotContain("zoe@example.net").contains("--");
    }

    @Test
    void nobodyIsMisuse() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("--subject", " ")).isEqualTo(2);
    }

    private int run(String... arguments) {
        return new CommandLine(new ForgetCheckCommand())
                .setErr(new PrintWriter(err))
                .execute(List.of(arguments).toArray(String[]::new));
    }
}
