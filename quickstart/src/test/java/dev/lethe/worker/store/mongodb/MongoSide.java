package dev.lethe.worker.store.mongodb;

import dev.lethe.events.Subject;
import dev.lethe.worker.store.Side;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;

/** A database with customers. */
public final class MongoSide implements Side {
    private final MongoFixture server = new MongoFixture();

    public MongoSide() {
        server.admin().createCollection("customers");
    }

    @Override
    public String name() {
        return "mongodb";
    }

    @Override
    public String configuration() {
        return ("{ type: mongodb, url: \"%s\", database: shop, username: %s, password: %s, connectTimeout: PT1S,"
                        + " collections: { customers: { subject: { _id: userId } } } }")
                .formatted(server.config(MongoFixture.USER, List.of()).url(), MongoFixture.USER, MongoFixture.PASSWORD);
    }

    @Override
    public void plant(List<Subject> subjects) {
        server.admin()
                .getCollection("customers")
                .insertMany(subjects.stream()
                        .map(subject -> new Document("_id", subject.userId()))
                        .toList());
    }

    @Override
    public List<String> contents() {
        var all = new ArrayList<String>();
        server.admin().getCollection("customers").find().forEach(document -> all.add(document.toJson()));
        return all.stream().sorted().toList();
    }

    @Override
    public void cutOff() {
        server.cutOff();
    }

    @Override
    public void bringBack() {
        server.bringBack();
    }

    @Override
    public void close() {
        server.close();
    }
}
