package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.joining;

import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.Catalogue.Privilege;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.commons.validator.routines.CreditCardValidator;
import org.apache.commons.validator.routines.IBANValidator;
import org.apache.commons.validator.routines.InetAddressValidator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/** Which columns look personal by what is in them. Values are looked at and forgotten. */
final class ContentSample {
    /** So much of a value is looked at. */
    private static final int LONGEST = 1_000;

    private static final Pattern E_MAIL =
            Pattern.compile("[\\p{L}\\p{N}._%+-]+@[\\p{L}\\p{N}-]+(\\.[\\p{L}\\p{N}-]+)+");
    private static final Pattern FOUR_NUMBERS = Pattern.compile("(?<![\\d.])\\d{1,3}(\\.\\d{1,3}){3}(?![\\d.])");
    private static final Pattern IBAN = Pattern.compile("\\b[A-Z]{2}\\d{2}( ?[A-Z0-9]){11,30}\\b");
    private static final Pattern CARD = Pattern.compile("(?<!\\d)\\d([ -]?\\d){12,18}(?!\\d)");
    private static final Pattern PHONE = Pattern.compile("(\\+|00?)[1-9]([ ()/.-]*\\d){6,13}");

    private static final CreditCardValidator CARDS = new CreditCardValidator();

    private final Handle handle;
    private final Dialect dialect;
    private final int mostRows;

    /** @param mostRows how many rows of each table are read at most */
    ContentSample(Handle handle, Dialect dialect, int mostRows) {
        this.handle = handle;
        this.dialect = dialect;
        this.mostRows = mostRows;
    }

    /** What was found in which column, such as {@code e-mail in 12 of 200}. Nothing in tables that can't be read. */
    Map<String, String> of(Table table) {
        List<Column> columns = table.columns().values().stream()
                .filter(PersonalColumns::isText)
                .toList();
        if (columns.isEmpty() || table.filtered() || !table.privileges().contains(Privilege.SELECT)) {
            return Map.of();
        }
        List<Tally> tallies = read(table, columns);
        var found = new LinkedHashMap<String, String>();
        for (int n = 0; n < columns.size(); n++) {
            String text = tallies.get(n).found();
            if (!text.isEmpty()) {
                found.put(columns.get(n).name(), text);
            }
        }
        return found;
    }

    private List<Tally> read(Table table, List<Column> columns) {
        List<Tally> tallies = columns.stream().map(column -> new Tally()).toList();
        handle.savepoint("sampling");
        try {
            handle.createQuery("SELECT %s FROM %s LIMIT %d"
                            .formatted(
                                    columns.stream()
                                            .map(column -> "LEFT(%s, %d)".formatted(dialect.text(column), LONGEST))
                                            .collect(joining(", ")),
                                    table.sql(),
                                    mostRows))
                    .map((row, context) -> {
                        for (int n = 0; n < columns.size(); n++) {
                            String value = row.getString(n + 1);
                            if (value != null && !value.isBlank()) {
                                tallies.get(n).add(value);
                            }
                        }
                        return 0;
                    })
                    .list();
            handle.releaseSavepoint("sampling");
        } catch (JdbiException e) {
            if (!SqlError.of(e).isAboutStatement()) {
                throw e;
            }
            handle.rollbackToSavepoint("sampling");
        }
        return tallies;
    }

    /** How many values of a column look like what. */
    private static final class Tally {
        private final Map<Sort, Integer> hits = new EnumMap<>(Sort.class);
        private int values;

        void add(String value) {
            values++;
            for (Sort sort : Sort.values()) {
                if (sort.isIn(value.strip())) {
                    hits.merge(sort, 1, Integer::sum);
                }
            }
        }

        /** In words; empty if nothing looks personal. */
        String found() {
            return hits.entrySet().stream()
                    .filter(hit -> hit.getKey().isTelling(hit.getValue(), values))
                    .map(hit -> "%s in %d of %d".formatted(hit.getKey().label, hit.getValue(), values))
                    .collect(joining(", "));
        }
    }

    private enum Sort {
        E_MAIL_ADDRESS(PersonalColumns.E_MAIL) {
            @Override
            boolean isIn(String value) {
                return E_MAIL.matcher(value).find();
            }
        },
        IP(PersonalColumns.IP_ADDRESS) {
            @Override
            boolean isIn(String value) {
                InetAddressValidator valid = InetAddressValidator.getInstance();
                return (value.contains(":") && valid.isValidInet6Address(value))
                        || FOUR_NUMBERS
                                .matcher(value)
                                .results()
                                .map(MatchResult::group)
                                .anyMatch(valid::isValidInet4Address);
            }
        },
        BANK_ACCOUNT("IBAN") {
            @Override
            boolean isIn(String value) {
                return IBAN.matcher(value)
                        .results()
                        .map(match -> match.group().replace(" ", ""))
                        .anyMatch(IBANValidator.getInstance()::isValid);
            }
        },
        CARD_NUMBER("card number") {
            @Override
            boolean isIn(String value) {
                return CARD.matcher(value)
                        .results()
                        .map(match -> match.group().replaceAll("[ -]", ""))
                        .anyMatch(CARDS::isValid);
            }
        },
        /** Much else reads like one, so one alone tells nothing. */
        PHONE_NUMBER("phone") {
            @Override
            boolean isIn(String value) {
                return PHONE.matcher(value).matches();
            }

            @Override
            boolean isTelling(int hits, int values) {
                return hits > values / 2;
            }
        };

        private final String label;

        Sort(String label) {
            this.label = label;
        }

        abstract boolean isIn(String value);

        boolean isTelling(int hits, int values) {
            return hits > 0;
        }
    }
}
