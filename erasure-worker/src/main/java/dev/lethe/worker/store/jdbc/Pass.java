package dev.lethe.worker.store.jdbc;

import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.Catalogue.ForeignKey;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import dev.lethe.worker.store.jdbc.ErasurePlan.Component;
import dev.lethe.worker.store.jdbc.ErasurePlan.Link;
import dev.lethe.worker.store.jdbc.ErasurePlan.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One transaction of an erasure. It goes down from the tables with identifiers to find which rows others depend on, and up
 * again to erase, children first: one statement for each table and link on the way down where others depend on it, and one
 * on the way up.
 *
 * <p>A whole pass erases everything of a batch, or nothing if that is more than the limit. A partial one, for a single
 * subject, erases about as many rows of each table as the limit says, and tells whether there is more.
 */
final class Pass {
    private final ErasurePlan plan;
    private final Rows rows;
    private final Owners owners;
    private final Tally tally;
    private final boolean partial;
    private final int limit;
    private final Set<Table> unfinished = new HashSet<>();
    private final Set<ForeignKey> unfinishedKeys = new HashSet<>();

    private Pass(ErasurePlan plan, Rows rows, Owners owners, Tally tally, boolean partial, int limit) {
        this.plan = plan;
        this.rows = rows;
        this.owners = owners;
        this.tally = tally;
        this.partial = partial;
        this.limit = limit;
    }

    /** @throws TooManyRowsException if one of the tables has more rows of the batch than the limit */
    static void whole(ErasurePlan plan, Rows rows, Owners owners, Tally tally, int limit) {
        new Pass(plan, rows, owners, tally, false, limit).run();
    }

    /** Erases some of a single subject's rows. Answers whether there are more. */
    static boolean partial(ErasurePlan plan, Rows rows, Owners owners, Tally tally, int limit) {
        var pass = new Pass(plan, rows, owners, tally, true, limit);
        pass.run();
        return !pass.unfinished.isEmpty() || !pass.unfinishedKeys.isEmpty();
    }

    private void run() {
        plan.components().reversed().forEach(this::find);
        plan.components().forEach(this::erase);
    }

    private void find(Component component) {
        boolean more = true;
        while (more) {
            more = false;
            for (Target target : component.targets()) {
                if (target.isGiven()) {
                    owners.foundGiven(target);
                } else if (target.isInner()) {
                    more |= find(target, component);
                }
            }
        }
    }

    private boolean find(Target target, Component component) {
        boolean any = false;
        for (Link link : target.links()) {
            List<List<String>> fresh = owners.fresh(target.table(), link);
            for (List<List<String>> part : rows.parts(fresh)) {
                any = true;
                var found = new ArrayList<Row>();
                long most = partial && isWithin(component, link) ? Integer.MAX_VALUE : limit + 1L;
                rows.find(target, link, part, most, found::add);
                if (found.size() >= most) {
                    overflow(target);
                }
                found.forEach(row -> owners.found(target, row));
            }
        }
        return any;
    }

    /** Whether a link stays among tables that are erased together. */
    private static boolean isWithin(Component component, Link link) {
        return link instanceof Link.Referring referring
                && isWithin(component, referring.key().parent());
    }

    private static boolean isWithin(Component component, Table table) {
        return component.targets().stream().anyMatch(target -> target.table().equals(table));
    }

    private void overflow(Target target) {
        if (!partial) {
            throw new TooManyRowsException();
        }
        unfinished.add(target.table());
    }

    private void erase(Component component) {
        component.targets().forEach(target -> target.detached().forEach(key -> detach(target, key)));
        if (component.targets().stream().anyMatch(target -> hasUnfinishedChildren(target, component))) {
            component.targets().forEach(target -> unfinished.add(target.table()));
            return;
        }
        component.deferred().forEach(rows::deferCheck);
        component.nulled().forEach(this::release);
        component.targets().forEach(this::erase);
    }

    /** Whether rows are left that refer to those of a target, from outside of its component. */
    private boolean hasUnfinishedChildren(Target target, Component component) {
        return plan.followed(target).stream()
                        .filter(key -> !isWithin(component, key.child()))
                        .anyMatch(key -> unfinished.contains(key.child()))
                || target.detached().stream().anyMatch(unfinishedKeys::contains);
    }

    private void erase(Target target) {
        if (target.isInner()) {
            List<Column> telling = target.handles().getFirst();
            var found = owners.of(target.table(), telling);
            for (List<List<String>> part : rows.parts(List.copyOf(found.keySet()))) {
                rows.deleteFound(
                        target,
                        part,
                        row -> tally.add(target.name(), found.getOrDefault(row.tuple(telling), Set.of())));
            }
            return;
        }
        for (Link link : target.links()) {
            owners.fresh(target.table(), link);
        }
        for (Link link : target.links()) {
            for (List<List<String>> part :
                    rows.parts(List.copyOf(owners.of(link).keySet()))) {
                change(target, link, part);
            }
        }
    }

    private void change(Target target, Link link, List<List<String>> part) {
        if (partial) {
            int changed = rows.changeSome(target, link, part, limit);
            tally.add(target.name(), changed);
            if (changed >= limit) {
                unfinished.add(target.table());
            }
            return;
        }
        // Asked of small tables, too: they grow while the plan is remembered.
        if (!isBound(target, link, part) && rows.isMoreThan(target, link, part, limit)) {
            throw new TooManyRowsException();
        }
        rows.change(target, link, part, row -> tally.add(target.name(), knownOwners(target, row)));
    }

    /** Whether a unique key sees to it that there are not more rows than the limit. */
    private boolean isBound(Target target, Link link, List<List<String>> part) {
        return part.size() <= limit && link.isExact() && target.table().isUniqueBy(link.columns());
    }

    private Set<Integer> knownOwners(Target target, Row row) {
        Set<Integer> known = owners.of(target, row);
        if (known.isEmpty()) {
            throw new Rows.ConflictException();
        }
        return known;
    }

    private void detach(Target parent, ForeignKey key) {
        var link = new Link.Referring(key);
        Optional<Target> child = plan.target(key.child());
        var answered = new LinkedHashSet<>(key.columns());
        owners.fresh(key.child(), link);
        child.ifPresent(target -> {
            answered.addAll(target.linkColumns());
            target.links().forEach(other -> owners.fresh(target.table(), other));
        });
        var referring = owners.of(parent.table(), key.referenced());
        for (List<List<String>> part : rows.parts(List.copyOf(referring.keySet()))) {
            if (partial) {
                int detached = rows.detachSome(key, part, limit);
                tally.add(key.toString(), detached);
                if (detached >= limit) {
                    unfinishedKeys.add(key);
                }
            } else {
                rows.detach(key, List.copyOf(answered), part, row -> {
                    // What goes itself is counted where it goes.
                    if (child.filter(Target::isPlain)
                            .map(target -> owners.of(target, row))
                            .orElse(Set.of())
                            .isEmpty()) {
                        tally.add(key.toString(), owners.of(link, row));
                    }
                });
            }
        }
    }

    private void release(ForeignKey key) {
        plan.target(key.child()).ifPresent(child -> {
            List<Column> telling = child.handles().getFirst();
            Collection<List<String>> found = owners.of(child.table(), telling).keySet();
            rows.parts(List.copyOf(found)).forEach(part -> rows.release(key, telling, part));
        });
    }

    /** More rows than one transaction should erase. */
    static final class TooManyRowsException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooManyRowsException() {
            super("more rows than one transaction should erase", null, false, false);
        }
    }
}
