package dev.lethe.worker.identity.fusionauth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lethe.worker.identity.ProviderUnavailableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The users of one tenant, as FusionAuth's API tells of them. Of what it answers, ids alone are kept.
 *
 * @see <a href="https://fusionauth.io/docs/apis/users">FusionAuth: Users</a>
 */
final class UserApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SEARCH = "/api/user/search";

    private final Connection connection;
    private final Optional<UUID> tenant;

    /** @param tenant empty only for asking whether anything is to be seen at all */
    UserApi(Connection connection, Optional<UUID> tenant) {
        this.connection = connection;
        this.tenant = tenant;
    }

    /** Whether there is a record of this user. */
    boolean has(UUID id) throws ProviderUnavailableException, InterruptedException {
        Connection.Answer answer = connection.get("/api/user/" + id, tenant);
        if (answer.status() == 404) {
            // FusionAuth says it without a word. A proxy, a router, an error page has something to say.
            if (!answer.body().isBlank()) {
                throw Connection.notFusionAuth("GET /api/user is answered 404, with a body: ");
            }
            return false;
        }
        requireOurs(json(answer, "GET /api/user").path("user"), Optional.of(id));
        return true;
    }

    /** Those of these users that a search by ids finds. */
    Set<UUID> listed(Collection<UUID> ids) throws ProviderUnavailableException, InterruptedException {
        ObjectNode search = JSON.createObjectNode().put("numberOfResults", ids.size());
        ids.forEach(id -> search.withArray("ids").add(id.toString()));
        return new LinkedHashSet<>(search(search));
    }

    /** Some users of the tenant, whoever they are; empty if there is none to be seen. */
    List<UUID> some(int most) throws ProviderUnavailableException, InterruptedException {
        return search(JSON.createObjectNode().put("numberOfResults", most).put("queryString", "*"));
    }

    private List<UUID> search(ObjectNode search) throws ProviderUnavailableException, InterruptedException {
        ObjectNode request = JSON.createObjectNode();
        request.set("search", search);
        Connection.Answer answer = connection.post(SEARCH, tenant, request.toString());
        if (answer.status() == 404) {
            throw Connection.notFusionAuth("POST " + SEARCH + " is answered 404: ");
        }
        JsonNode users = json(answer, "POST " + SEARCH);
        if (!users.path("total").isIntegralNumber()) {
            throw Connection.notFusionAuth("POST " + SEARCH + " is answered without a total: ");
        }
        var found = new ArrayList<UUID>();
        for (JsonNode user : users.path("users")) {
            found.add(requireOurs(user, Optional.empty()));
        }
        return found;
    }

    /** @param id whose record it has to be */
    private UUID requireOurs(JsonNode user, Optional<UUID> id) throws ProviderUnavailableException {
        UUID found = uuid(user.path("id"));
        if (id.isPresent() && !id.get().equals(found)) {
            throw Connection.notFusionAuth("GET /api/user is answered with another user or none: ");
        }
        UUID owner = uuid(user.path("tenantId"));
        if (tenant.isPresent() && !tenant.get().equals(owner)) {
            throw new ProviderUnavailableException(
                    "MISCONFIGURED",
                    "FusionAuth shows users of tenant " + owner + " when asked for those of " + tenant.get()
                            + ": fusionauth.apiKey has to be a key for that tenant, or for all");
        }
        return found;
    }

    private static UUID uuid(JsonNode text) throws ProviderUnavailableException {
        try {
            return UUID.fromString(text.asText());
        } catch (IllegalArgumentException e) {
            throw Connection.notFusionAuth("a user without id and tenant: ");
        }
    }

    private static JsonNode json(Connection.Answer answer, String call) throws ProviderUnavailableException {
        try {
            JsonNode json = JSON.readTree(answer.body());
            if (json != null && json.isObject()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            // Said below; its message repeats what was read.
        }
        throw Connection.notFusionAuth(call + " is answered 200 without JSON: ");
    }
}
