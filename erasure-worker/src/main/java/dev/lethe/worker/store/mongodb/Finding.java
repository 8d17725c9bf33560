package dev.lethe.worker.store.mongodb;

import com.mongodb.bulk.BulkWriteResult;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Collation;
import com.mongodb.client.model.DeleteManyModel;
import com.mongodb.client.model.DeleteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.UpdateManyModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import dev.lethe.worker.store.mongodb.Rule.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.conversions.Bson;

/**
 * What a collection has of a batch.
 *
 * @param rule the collection's
 * @param wanted what was looked for: by field, whose values
 * @param documents what was found: {@code _id} and the fields that were looked at
 */
record Finding(Rule rule, Map<String, Map<BsonValue, Set<Integer>>> wanted, List<BsonDocument> documents) {
    /** Compares bytes, whatever order the collection has by default: some take Ada for ada. */
    static final Collation EXACT = Collation.builder().locale("simple").build();

    /** As many documents as fit into the 16 MB of an answer come at once. */
    private static final int ANSWER = 1_000_000;

    private static final int IDS = 100_000;

    static Finding of(MongoCollection<BsonDocument> collection, Rule rule, Batch batch) {
        Map<String, Map<BsonValue, Set<Integer>>> wanted = batch.wanted(rule);
        List<BsonDocument> documents = collection
                .find(filter(rule, wanted))
                .projection(
                        Projections.include(Paths.outermost(Stream.concat(Stream.of("_id"), wanted.keySet().stream())
                                .distinct()
                                .toList())))
                .collation(EXACT)
                .batchSize(ANSWER)
                .into(new ArrayList<>());
        return new Finding(rule, wanted, documents);
    }

    boolean isEmpty() {
        return documents.isEmpty();
    }

    /** The number of items of each subject. */
    long[] items(int subjects) {
        var items = new long[subjects];
        documents.forEach(document -> Batch.count(rule, wanted, document, items));
        return items;
    }

    /** Erases what was found and is somebody's still. Answers how many documents are not any more. */
    long erase(MongoCollection<BsonDocument> collection) {
        if (documents.isEmpty()) {
            return 0;
        }
        List<BsonValue> ids =
                documents.stream().map(document -> document.get("_id")).toList();
        List<WriteModel<BsonDocument>> writes = IntStream.iterate(0, from -> from < ids.size(), from -> from + IDS)
                .mapToObj(from -> ids.subList(from, Math.min(from + IDS, ids.size())))
                .map(some -> write(Filters.and(Filters.in("_id", some), filter(rule, wanted))))
                .toList();
        BulkWriteResult result = collection.bulkWrite(writes);
        return (long) documents.size()
                - (rule.action() == What.DELETE ? result.getDeletedCount() : result.getMatchedCount());
    }

    private WriteModel<BsonDocument> write(Bson filter) {
        return rule.action() == What.DELETE
                ? new DeleteManyModel<>(filter, new DeleteOptions().collation(EXACT))
                : new UpdateManyModel<>(filter, change(), new UpdateOptions().collation(EXACT));
    }

    private Bson change() {
        if (rule.action() == What.PULL) {
            return Updates.pull(rule.array(), elements());
        }
        return Updates.combine(Stream.concat(
                        rule.set().entrySet().stream().map(field -> Updates.set(field.getKey(), field.getValue())),
                        rule.unset().stream().map(Updates::unset))
                .toList());
    }

    /** The elements of any of the subjects, seen from the array. */
    private Bson elements() {
        List<Bson> conditions = wanted.entrySet().stream()
                .map(field -> field.getKey().equals(rule.array())
                        ? new BsonDocument(
                                "$in",
                                new BsonArray(List.copyOf(field.getValue().keySet())))
                        : Filters.in(
                                field.getKey().substring(rule.array().length() + 1),
                                field.getValue().keySet()))
                .toList();
        return conditions.size() == 1 ? conditions.getFirst() : Filters.or(conditions);
    }

    private static Bson filter(Rule rule, Map<String, Map<BsonValue, Set<Integer>>> wanted) {
        return rule.action() == What.ANONYMIZE
                ? Filters.and(Batch.filter(wanted), unfinished(rule))
                : Batch.filter(wanted);
    }

    /** Documents that don't yet look as an anonymized one does: the others are no items any more. */
    static Bson unfinished(Rule rule) {
        return Filters.or(Stream.concat(
                        rule.set().entrySet().stream().map(field -> Filters.ne(field.getKey(), field.getValue())),
                        rule.unset().stream().map(Filters::exists))
                .toList());
    }
}
