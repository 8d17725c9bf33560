package dev.lethe.worker.store.mongodb;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.CountOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import dev.lethe.events.Subject;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.conversions.Bson;

/** Counts what is left of one subject. The server does it, by equality and not by lists: an erasure asks otherwise. */
final class ReadBack {
    private ReadBack() {}

    static long count(MongoCollection<BsonDocument> collection, Rule rule, Subject subject) {
        Bson held = held(rule, subject);
        return switch (rule.action()) {
            case DELETE -> documents(collection, held);
            case ANONYMIZE -> documents(collection, Filters.and(held, Finding.unfinished(rule)));
            case PULL -> elements(collection, rule, subject, held);
        };
    }

    private static Bson held(Rule rule, Subject subject) {
        var conditions = new ArrayList<Bson>();
        rule.fields()
                .forEach((field, identifier) -> subject.values(identifier.name())
                        .forEach(value -> conditions.add(
                                Filters.eq(field, identifier.type().of(value)))));
        return Filters.or(conditions);
    }

    private static long documents(MongoCollection<BsonDocument> collection, Bson filter) {
        return collection.countDocuments(filter, new CountOptions().collation(Finding.EXACT));
    }

    private static long elements(MongoCollection<BsonDocument> collection, Rule rule, Subject subject, Bson held) {
        var conditions = new BsonArray();
        rule.fields()
                .forEach((field, identifier) -> subject.values(identifier.name())
                        .forEach(value -> conditions.add(isHeld(
                                "$$element" + field.substring(rule.array().length()),
                                identifier.type().of(value)))));
        var mine = new BsonDocument(
                "$filter",
                new BsonDocument("input", new BsonString("$" + rule.array()))
                        .append("as", new BsonString("element"))
                        .append("cond", new BsonDocument("$or", conditions)));
        List<Bson> pipeline = List.of(
                Aggregates.match(held),
                Aggregates.project(Projections.computed("items", new BsonDocument("$size", mine))),
                Aggregates.group(null, Accumulators.sum("items", "$items")));
        BsonDocument sum =
                collection.aggregate(pipeline).collation(Finding.EXACT).first();
        return sum == null ? 0 : sum.getNumber("items").longValue();
    }

    /** Whether an expression is a value, or an array that has it. The value is a literal: as a text it may begin with "$". */
    private static BsonDocument isHeld(String expression, BsonValue value) {
        var field = new BsonString(expression);
        var literal = new BsonDocument("$literal", value);
        return new BsonDocument(
                "$cond",
                new BsonArray(List.of(
                        new BsonDocument("$isArray", field),
                        new BsonDocument("$in", new BsonArray(List.of(literal, field))),
                        new BsonDocument("$eq", new BsonArray(List.of(field, literal))))));
    }
}
