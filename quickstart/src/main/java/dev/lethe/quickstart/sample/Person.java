package dev.lethe.quickstart.sample;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;

/** Somebody who does not exist. */
public record Person(UUID id, String email, String username, String phone, String firstName, String lastName) {

    public String fullName() {
        return firstName + " " + lastName;
    }

    /** Everything that identifies this person and that no log may show. */
    public List<String> identifiers() {
        return List.of(id.toString(), email, username, phone, fullName());
    }

    /** The user as {@code POST /api/user/{id}} takes it. */
    public ObjectNode asFusionAuthUser() {
        ObjectNode user = JsonNodeFactory.instance.objectNode();
        user.put("id", id.toString());
        user.put("email", email);
        user.put("username", username);
        user.put("phoneNumber", phone);
        user.put("firstName", firstName);
        user.put("lastName", lastName);
        user.put("fullName", fullName());
        user.putObject("data").put("loyaltyNumber", "L-" + id.toString().substring(0, 8));
        return user;
    }

    @Override
    public String toString() {
        return "Person[…]";
    }
}
