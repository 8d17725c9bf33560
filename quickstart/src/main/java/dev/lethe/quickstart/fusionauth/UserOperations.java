package dev.lethe.quickstart.fusionauth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lethe.quickstart.fusionauth.Event.Caller;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What happens to users, announced to the webhooks first: they see an operation before it is committed, and may prevent it. */
final class UserOperations {

    private static final int BULK_CONCURRENCY = 32;

    private final Users users;
    private final Map<UUID, Tenant> tenants;
    private final Map<UUID, Webhook> webhooks;
    private final WebhookSender sender;
    private final InstantSource clock;

    UserOperations(
            Users users,
            Map<UUID, Tenant> tenants,
            Map<UUID, Webhook> webhooks,
            WebhookSender sender,
            InstantSource clock) {
        this.users = users;
        this.tenants = tenants;
        this.webhooks = webhooks;
        this.sender = sender;
        this.clock = clock;
    }

    void deactivate(ObjectNode user, Caller caller) {
        announce("user.deactivate", user, caller);
        if (users.setActive(id(user), false).isEmpty()) {
            throw ApiException.notFound();
        }
    }

    ObjectNode reactivate(ObjectNode user, Caller caller) {
        announce("user.reactivate", user, caller);
        return users.setActive(id(user), true).orElseThrow(ApiException::notFound);
    }

    void delete(ObjectNode user, Caller caller) {
        announce("user.delete", user, caller);
        if (!users.remove(id(user))) {
            throw ApiException.notFound();
        }
        notice("user.delete.complete", user, caller);
    }

    /** All or none; and no {@code user.delete.complete}, which FusionAuth leaves out here. */
    void deleteInBulk(Collection<ObjectNode> bulk, Caller caller) {
        announceInBulk("user.delete", bulk, caller);
        bulk.forEach(user -> users.remove(id(user)));
    }

    /** All or none. */
    void deactivateInBulk(Collection<ObjectNode> bulk, Caller caller) {
        announceInBulk("user.deactivate", bulk, caller);
        bulk.forEach(user -> users.setActive(id(user), false));
    }

    private void announceInBulk(String eventType, Collection<ObjectNode> bulk, Caller caller) {
        try (ExecutorService announcements = Executors.newFixedThreadPool(
                BULK_CONCURRENCY, Thread.ofVirtual().factory())) {
            List<Future<?>> announced = new ArrayList<>();
            for (ObjectNode user : bulk) {
                announced.add(announcements.submit(() -> announce(eventType, user, caller)));
            }
            for (Future<?> announcement : announced) {
                announcement.get();
            }
        } catch (ExecutionException e) {
            throw ApiException.transactionFailed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.transactionFailed();
        }
    }

    private void announce(String eventType, ObjectNode user, Caller caller) {
        Tenant.EventSetting setting = setting(eventType, user);
        if (setting.transactionType() == TransactionType.NONE) {
            notice(eventType, user, caller);
        } else if (setting.enabled()) {
            Event event = Event.of(eventType, user, caller, clock.millis());
            if (!sender.sendTransactionally(event, receivers(event), setting.transactionType())) {
                throw ApiException.transactionFailed();
            }
        }
    }

    private void notice(String eventType, ObjectNode user, Caller caller) {
        if (setting(eventType, user).enabled()) {
            Event event = Event.of(eventType, user, caller, clock.millis());
            sender.send(event, receivers(event));
        }
    }

    private Tenant.EventSetting setting(String eventType, ObjectNode user) {
        Tenant tenant = tenants.get(UUID.fromString(user.path("tenantId").asText()));
        return tenant == null ? Tenant.EventSetting.OFF : tenant.setting(eventType);
    }

    private List<Webhook> receivers(Event event) {
        return webhooks.values().stream()
                .filter(webhook -> webhook.wants(event.type(), event.tenantId()))
                .toList();
    }

    private static UUID id(ObjectNode user) {
        return UUID.fromString(user.path("id").asText());
    }
}
