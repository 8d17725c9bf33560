package dev.lethe.worker.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ReplayCommandTest {
    private final StringWriter err = new StringWriter();
    private final StringWriter out = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--store shop | --since",
                "--since PT6H | --store",
                "--since PT6H --store shop --all | mutually exclusive",
                "--since yesterday --all | --since must be an instant",
                "--since PT6H --until tomorrow --all | --until must be an instant",
                "--since PT6H --until PT7H --all | --since must be before --until",
                "--since PT6H --all --rate 0 | --rate must be 1 or more",
                "--since PT6H --all --tenant t | name the person with --subject"
            })
    void misuseIsExplainedAndExitsWith2(String arguments, String reason) {
        int exitCode = new CommandLine(new ReplayCommand())
                .setErr(new PrintWriter(err))
                .execute(arguments.split(" "));

        assertThat(err.toString()).contains(reason);
        assertThat(exitCode).isEqualTo(2);
    }

    @Test
    void helpSaysHowTimesAreWrittenAndGivesExamples() {
        int exitCode = new CommandLine(new ReplayCommand())
                .setOut(new PrintWriter(out))
                .execute("--help");

        assertThat(out.toString()).contains("PT6H", "2026-11-20T08:00:00Z", "--dry-run", "Exit codes:", "Examples:");
        assertThat(exitCode).isZero();
    }
}
