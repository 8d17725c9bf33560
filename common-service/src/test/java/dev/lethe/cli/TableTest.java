package dev.lethe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsAreAlignedUnderAHeadingForPeople() {
        var table = new Table("KEY", "N").row("a", 12345).row("longer", 6);

        assertThat(printed(table, true)).isEqualToNormalizingNewlines("""
                KEY     N
                a       12345
                longer  6
                """);
    }

    @Test
    void fieldsAreSeparatedByTabsForPrograms() {
        var table = new Table("KEY", "N").row("a", 12345).row("longer", 6);

        assertThat(printed(table, false)).isEqualToNormalizingNewlines("a\t12345\nlonger\t6\n");
    }

    @Test
    void aTableWithoutRowsPrintsNothing() {
        assertThat(printed(new Table("KEY"), true)).isEmpty();
        assertThat(printed(new Table("KEY"), false)).isEmpty();
    }

    @Test
    void whatOthersWroteCanNeitherMoveTheCursorNorEndTheLine() {
        var table = new Table("KEY").row("a\u001b[2Jb\tc\nd\u202ee");

        assertThat(printed(table, false)).isEqualToNormalizingNewlines("a\ufffd[2Jb\ufffdc\ufffdd\ufffde\n");
    }

    private static String printed(Table table, boolean aligned) {
        var text = new StringWriter();
        table.print(new PrintWriter(text), aligned);
        return text.toString();
    }
}
