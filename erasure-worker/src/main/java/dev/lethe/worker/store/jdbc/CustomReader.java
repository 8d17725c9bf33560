package dev.lethe.worker.store.jdbc;

import dev.lethe.config.Section;
import dev.lethe.worker.store.jdbc.DataMap.Custom;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;

/** Reads statements of the operator's own. */
final class CustomReader {
    private CustomReader() {}

    static Optional<Custom> read(Section section) {
        String erase = section.text("erase");
        String count = section.text("count");
        List<String> identifiers = parameters(erase);
        if (identifiers.size() != 1) {
            section.problem("erase", "must have one parameter, the identifier that it is about, such as :userId");
        }
        if (!parameters(count).equals(identifiers)) {
            section.problem("count", "must have the same parameter as erase");
        }
        return identifiers.size() == 1
                ? Optional.of(new Custom(identifiers.getFirst(), erase, count))
                : Optional.empty();
    }

    private static List<String> parameters(String sql) {
        return new ColonPrefixSqlParser()
                .parse(sql, null).getParameters().getParameterNames().stream()
                        .distinct()
                        .toList();
    }
}
