package dev.lethe.worker.store.mongodb;

import com.mongodb.client.MongoDatabase;
import dev.lethe.worker.store.StorePlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonString;

/** Holds the rules against what a database says about itself. */
final class Survey {
    private Survey() {}

    static StorePlan plan(MongoDatabase database, List<Rule> rules) {
        Map<String, BsonDocument> collections = new LinkedHashMap<>();
        database.listCollections(BsonDocument.class)
                .forEach(collection ->
                        collections.put(collection.getString("name").getValue(), collection));
        var obstacles = new ArrayList<String>();
        var warnings = new ArrayList<String>();
        for (Rule rule : rules) {
            BsonDocument collection = collections.get(rule.collection());
            if (collection == null) {
                obstacles.add("database " + database.getName() + " has no collection " + rule.collection());
                continue;
            }
            String type =
                    collection.getString("type", new BsonString("collection")).getValue();
            if (!type.equals("collection")) {
                obstacles.add(rule.collection() + " is a " + type
                        + ", whose documents can't be changed: map what is behind it");
                continue;
            }
            Set<String> indexed = indexed(database, rule.collection());
            rule.fields().keySet().stream()
                    .filter(field -> !indexed.contains(field))
                    .forEach(field ->
                            warnings.add("no index of " + rule.collection() + " that any query can use begins with "
                                    + field + ": every erasure reads the whole collection"));
            rule.remainingLink()
                    .ifPresent(field ->
                            warnings.add("anonymized documents of " + rule.collection() + " still hold the subject's "
                                    + rule.held(field).name() + " in " + field
                                    + ": set or unset it, unless that is meant"));
        }
        return new StorePlan(
                rules.stream()
                        .map(rule -> new StorePlan.Step(rule.collection(), rule.published(), rule.path()))
                        .toList(),
                obstacles,
                warnings);
    }

    /** Fields that an index begins with which has the simple order, and holds every document. */
    private static Set<String> indexed(MongoDatabase database, String collection) {
        var fields = new HashSet<String>();
        database.getCollection(collection).listIndexes(BsonDocument.class).forEach(index -> {
            if (!index.containsKey("collation") && !index.containsKey("partialFilterExpression")) {
                fields.add(index.getDocument("key").getFirstKey());
            }
        });
        return fields;
    }
}
