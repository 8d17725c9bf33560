package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.joining;

import dev.lethe.config.Suggestion;
import dev.lethe.events.Outcome.Action;
import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.Catalogue.ForeignKey;
import dev.lethe.worker.store.jdbc.Catalogue.Kind;
import dev.lethe.worker.store.jdbc.Catalogue.Privilege;
import dev.lethe.worker.store.jdbc.Catalogue.Relation;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import dev.lethe.worker.store.jdbc.DataMap.Rule;
import dev.lethe.worker.store.jdbc.ErasurePlan.Assignment;
import dev.lethe.worker.store.jdbc.ErasurePlan.Link;
import dev.lethe.worker.store.jdbc.ErasurePlan.Scan;
import dev.lethe.worker.store.jdbc.ErasurePlan.Target;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Looks a plan over: what stands in the way of erasing everything and nothing else, and what is suspicious. */
final class MapReview {
    /** What columns with somebody's identifier are called, whatever the map calls them. */
    private static final Set<String> SUSPICIOUS = Set.of(
            "user_id",
            "userid",
            "user_uuid",
            "customer_id",
            "customerid",
            "account_id",
            "member_id",
            "person_id",
            "profile_id",
            "owner_id",
            "author_id",
            "created_by",
            "email",
            "e_mail",
            "email_address",
            "mail",
            "username",
            "user_name",
            "login",
            "phone",
            "phone_number",
            "mobile",
            "mobile_phone",
            "first_name",
            "last_name",
            "full_name",
            "surname",
            "birth_date",
            "date_of_birth",
            "ip_address");

    private final JdbcStoreConfig config;
    private final Catalogue catalogue;
    private final Dialect dialect;
    private final Map<Table, Target> targets;
    private final Map<Table, List<ForeignKey>> followed;
    private final Set<String> obstacles = new LinkedHashSet<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private final Map<String, Scan> scans = new LinkedHashMap<>();

    MapReview(
            JdbcStoreConfig config,
            Catalogue catalogue,
            Dialect dialect,
            Map<Table, Target> targets,
            Map<Table, List<ForeignKey>> followed) {
        this.config = config;
        this.catalogue = catalogue;
        this.dialect = dialect;
        this.targets = targets;
        this.followed = followed;
        targets.values().forEach(this::review);
        config.map().tables().forEach(this::reviewDetached);
        reviewCoverage();
        reviewOutside();
    }

    List<String> obstacles() {
        return List.copyOf(obstacles);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    List<Scan> scans() {
        return List.copyOf(scans.values());
    }

    private void review(Target target) {
        Table table = target.table();
        demand(table, target.action() == Action.DELETE ? Privilege.DELETE : Privilege.UPDATE);
        target.detached().forEach(key -> demand(key.child(), Privilege.UPDATE));
        if (table.filtered()) {
            obstacles.add("row-level security hides rows of %s from role \"%s\": give the role BYPASSRLS"
                    .formatted(table, config.username()));
        }
        target.links().forEach(link -> reviewLink(table, link));
        target.detached().forEach(key -> findScan(key.child(), new Link.Referring(key)));
        target.retention().ifPresent(kept -> {
            if (kept.from().kind() != Kind.DATE && kept.from().kind() != Kind.TIMESTAMP) {
                obstacles.add("%s.%s is of type %s; a retention counts from a date or a timestamp"
                        .formatted(table, kept.from().name(), kept.from().type()));
            }
        });
        if (target.action() == Action.ANONYMIZE) {
            new AnonymizationReview(target, obstacles).review();
        }
        reviewStaying(target);
    }

    private void demand(Table table, Privilege privilege) {
        if (!table.privileges().containsAll(Set.of(Privilege.SELECT, privilege))) {
            obstacles.add("role \"%s\" may not erase from %s: %s"
                    .formatted(
                            config.username(), table, dialect.grant("SELECT, " + privilege, table, config.username())));
        }
    }

    private void reviewLink(Table table, Link link) {
        if (link instanceof Link.Identified identified) {
            Column column = identified.column();
            if (!column.kind().isIdentifying()) {
                obstacles.add(
                        "%s.%s is of type %s, which does not tell every two identifiers apart; map text, uuid or numbers"
                                .formatted(table, column.name(), column.type()));
            } else if (identified.ignoringCase() && column.kind() != Kind.TEXT) {
                obstacles.add("%s.%s is of type %s, which has no case to ignore"
                        .formatted(table, column.name(), column.type()));
            } else if (identified.ignoringCase() && !dialect.lowerCase(column).equals(column.sql())) {
                if (!column.indexedIgnoringCase()) {
                    addScan(table, link, dialect.lowerCase(column));
                }
                return;
            }
        }
        findScan(table, link);
    }

    private void findScan(Table table, Link link) {
        if (link.columns().stream().noneMatch(Column::indexed)) {
            addScan(table, link, link.columns().stream().map(Column::sql).collect(joining(", ")));
        }
    }

    /** One index serves every link by the same columns. */
    private void addScan(Table table, Link link, String columns) {
        String remedy = dialect.createIndex(table, List.of(columns));
        scans.putIfAbsent(remedy, new Scan(table, link, remedy));
    }

    /** Rows that stay, all or some, must not need a row that goes. */
    private void reviewStaying(Target target) {
        if (target.isPlain()) {
            return;
        }
        for (Link link : target.links()) {
            if (link instanceof Link.Referring referring && !isNulled(target, referring.key())) {
                obstacles.add("%s can stay, and needs the row of %s that it refers to by %s, which goes: %s"
                        .formatted(
                                target,
                                referring.key().parent(),
                                referring.key(),
                                "detach the key, set it to null, or treat %s alike"
                                        .formatted(referring.key().parent())));
            }
        }
    }

    private static boolean isNulled(Target target, ForeignKey key) {
        return target.retention().isEmpty()
                && target.where().isEmpty()
                && target.set().stream()
                        .filter(assignment -> assignment.value().isNull())
                        .map(Assignment::column)
                        .anyMatch(key.columns()::contains);
    }

    private void reviewDetached(String name, Rule rule) {
        catalogue
                .table(name)
                .ifPresent(table -> rule.detached().forEach(columnName -> {
                    List<ForeignKey> keys = catalogue.foreignKeys().stream()
                            .filter(key -> key.child().equals(table))
                            .filter(key -> key.columns().stream()
                                    .anyMatch(column -> column.name().equals(columnName)))
                            .toList();
                    if (keys.isEmpty()) {
                        obstacles.add("%s.%s can't be detached: it is no foreign key%s"
                                .formatted(
                                        table,
                                        columnName,
                                        Suggestion.nearest(
                                                columnName,
                                                catalogue.foreignKeys().stream()
                                                        .filter(key ->
                                                                key.child().equals(table))
                                                        .flatMap(key -> key.columns().stream())
                                                        .map(Column::name)
                                                        .toList())));
                    }
                    keys.stream()
                            .filter(key -> !key.isNullable())
                            .forEach(key -> obstacles.add("%s can't be detached: it is NOT NULL".formatted(key)));
                }));
    }

    /** The coverage gate: nothing that refers to a subject's row is forgotten. */
    private void reviewCoverage() {
        Map<String, String> uncovered = config.map().uncovered();
        for (ForeignKey key : catalogue.foreignKeys()) {
            Table child = key.child();
            if (targets.containsKey(key.parent())
                    && !targets.containsKey(child)
                    && !uncovered.containsKey(child.label())) {
                obstacles.add(
                        "%s refers to %s by %s and is not covered: map it, or list it under uncovered with the reason"
                                .formatted(child, key.parent(), key));
            }
        }
        uncovered.keySet().forEach(this::reviewUncovered);
    }

    private void reviewUncovered(String name) {
        Optional<Table> table = catalogue.table(name);
        if (table.isEmpty()) {
            obstacles.add("uncovered: there is no table \"" + name + "\""
                    + Suggestion.nearest(
                            name, catalogue.tables().stream().map(Table::label).toList()));
        }
        table.map(targets::get)
                .ifPresent(target -> obstacles.add(
                        "uncovered: rows of %s go with those that they refer to (%s); take it off the list"
                                .formatted(
                                        name,
                                        target.links().stream()
                                                .map(Link::toString)
                                                .collect(joining(", ")))));
    }

    /** Columns that look like somebody's identifier, in tables that nobody thought of. */
    private void reviewOutside() {
        var names = new LinkedHashSet<>(SUSPICIOUS);
        config.map().tables().values().stream()
                .flatMap(rule -> rule.subject().stream())
                .map(subject -> subject.column().toLowerCase(Locale.ROOT))
                .filter(name -> !name.equals("id"))
                .forEach(names::add);
        for (Table table : catalogue.tables()) {
            if (targets.containsKey(table)
                    || table.relation() == Relation.PARTITION
                    || table.relation() == Relation.VIEW
                    || config.map().uncovered().containsKey(table.label())) {
                continue;
            }
            List<String> found = table.columns().keySet().stream()
                    .filter(column -> names.contains(column.toLowerCase(Locale.ROOT)))
                    .toList();
            if (!found.isEmpty()) {
                warnings.add("%s is outside the map, and has columns that look personal: %s%s"
                        .formatted(
                                table,
                                String.join(", ", found),
                                table.relation() == Relation.MATERIALIZED_VIEW
                                        ? "; it keeps a copy until it is refreshed"
                                        : ""));
            }
        }
        targets.values()
                .forEach(target -> followedToOthers(target)
                        .forEach(key -> warnings.add(
                                "rows of other people go too where they refer to an erased one by %s; detach it if they are to stay"
                                        .formatted(key))));
    }

    /** Keys by which a row with an identifier of its own goes along with a row of somebody else. */
    private Stream<ForeignKey> followedToOthers(Target target) {
        boolean named = target.links().stream().anyMatch(Link.Identified.class::isInstance);
        return followed.values().stream()
                .flatMap(List::stream)
                .filter(key -> named
                        && key.child().equals(target.table())
                        && key.parent().equals(target.table()));
    }
}
