package com.example.lethe.ldap;

import com.example.lethe.ldap.LdapStoreConfig.Target;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.SingleServerSet;
import com.unboundid.ldap.sdk.schema.AttributeTypeDefinition;
import com.unboundid.ldap.sdk.schema.Schema;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StoreUnavailableException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;

/** The server. What LDAP answers with nothing found and is none, such as an unknown attribute, is an error here. */
final class Directory implements AutoCloseable {
    private static final int CONNECTIONS = 4;

    private final LdapStoreConfig config;
    private final LDAPConnectionPool pool;
    private volatile boolean asConfigured;

    /** Connects to nothing yet: a store that is down when a worker starts is a store that is down. */
    Directory(LdapStoreConfig config) {
        this.config = config;
        var options = new LDAPConnectionOptions();
        options.setConnectTimeoutMillis((int) config.timeout().toMillis());
        options.setResponseTimeoutMillis(config.timeout().toMillis());
        options.setSSLSocketVerifier(new HostNameSSLSocketVerifier(true));
        try {
            SocketFactory sockets =
                    config.tls() ? SSLContext.getDefault().getSocketFactory() : SocketFactory.getDefault();
            pool = new LDAPConnectionPool(
                    new SingleServerSet(config.host(), config.port(), sockets, options),
                    new SimpleBindRequest(config.bindDn(), config.password().reveal()),
                    0,
                    CONNECTIONS);
        } catch (LDAPException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /** The entries of a target that the server takes for a filter's, with the attributes of the target. */
    List<SearchResultEntry> find(Target target, Filter filter) throws StoreUnavailableException {
        requireAsConfigured();
        String[] attributes = target.identifierByAttribute().keySet().toArray(String[]::new);
        List<SearchResultEntry> found = ask(() ->
                pool.search(target.base(), SearchScope.SUB, filter, attributes).getSearchEntries());
        if (found.stream()
                .anyMatch(entry -> Arrays.stream(attributes)
                        .allMatch(attribute -> values(entry, attribute).isEmpty()))) {
            throw misconfigured(target.base() + " has entries that are found by one of " + Arrays.toString(attributes)
                    + " and do not show it: let " + config.bindDn() + " read it, and name it as the schema does");
        }
        return found;
    }

    /** Whether this has deleted it; if not, somebody else was quicker. */
    boolean delete(SearchResultEntry entry) throws StoreUnavailableException {
        return ask(() -> {
            try {
                pool.delete(entry.getDN());
                return true;
            } catch (LDAPException e) {
                if (e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)) {
                    return false;
                }
                throw e;
            }
        });
    }

    /** A base that is missing, and attributes that a search would find nobody by. */
    List<String> obstacles() throws StoreUnavailableException {
        return ask(() -> {
            Schema schema = pool.getSchema();
            var obstacles = new ArrayList<String>();
            for (Target target : config.targets()) {
                if (pool.getEntry(target.base(), "1.1") == null) {
                    obstacles.add(target.base() + " is not there, or " + config.bindDn() + " may not read it");
                }
                target.identifierByAttribute().keySet().stream()
                        .filter(attribute -> !isComparable(attribute, schema))
                        .map(attribute -> "the schema has no attribute " + attribute + " that can be compared")
                        .forEach(obstacles::add);
            }
            return obstacles;
        });
    }

    private static boolean isComparable(String attribute, Schema schema) {
        AttributeTypeDefinition type = schema == null ? null : schema.getAttributeType(attribute);
        return type != null && type.getEqualityMatchingRule(schema) != null;
    }

    private void requireAsConfigured() throws StoreUnavailableException {
        if (!asConfigured) {
            List<String> obstacles = obstacles();
            if (!obstacles.isEmpty()) {
                throw misconfigured(obstacles.getFirst());
            }
            asConfigured = true;
        }
    }

    /** The values of an attribute, in every language that it has some in. */
    static List<String> values(SearchResultEntry entry, String attribute) {
        return entry.getAttributesWithOptions(attribute, null).stream()
                .map(Attribute::getValues)
                .flatMap(Arrays::stream)
                .toList();
    }

    private interface Question<T> {
        T ask() throws LDAPException;
    }

    /** The server's messages name entries, so nothing of them is passed on but the code. */
    private static <T> T ask(Question<T> question) throws StoreUnavailableException {
        try {
            return question.ask();
        } catch (LDAPException e) {
            int code = e.getResultCode().intValue();
            // RFC 4511, A.1; from 81 on, the SDK's own.
            switch (code) {
                case 7, 8, 48, 49 ->
                    throw unavailable("UNAUTHENTICATED", "refuses the login: check bindDn and password", code);
                case 32, 50 ->
                    throw unavailable("MISCONFIGURED", "lacks a base, or bindDn may not search or delete", code);
                case 3, 11, 51 -> throw unavailable("OVERLOADED", "is busy", code);
                case 1, 52, 53, 80, 81, 82, 84, 85, 91 ->
                    throw unavailable("UNREACHABLE", "can't be reached, or is not working: check url", code);
                // Such as 4, more than the server lists at once: the worker asks for fewer people then.
                default -> throw new StoreFailureException("LDAP_" + code);
            }
        }
    }

    private static StoreUnavailableException unavailable(String kind, String message, int code) {
        return new StoreUnavailableException(kind, "the directory " + message + " (LDAP result " + code + ")");
    }

    private static StoreUnavailableException misconfigured(String message) {
        return new StoreUnavailableException("MISCONFIGURED", message);
    }

    @Override
    public void close() {
        pool.close();
    }
}
