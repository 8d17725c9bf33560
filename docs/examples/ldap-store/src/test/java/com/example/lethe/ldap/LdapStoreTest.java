package com.example.lethe.ldap;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import dev.lethe.config.ConfigFile;
import dev.lethe.config.MisconfiguredException;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StoreContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

class LdapStoreTest extends StoreContract {
    private static final String PEOPLE = "ou=people,dc=example";
    private static final String LISTS = "ou=lists,dc=example";

    private static InMemoryDirectoryServer server;
    private static int port;

    private int entries;

    @BeforeAll
    static void start() throws LDAPException {
        var config = new InMemoryDirectoryServerConfig("dc=example");
        config.addAdditionalBindCredentials("cn=lethe", "right");
        config.setListenerConfigs(InMemoryListenerConfig.createLDAPConfig("plain"));
        server = new InMemoryDirectoryServer(config);
        server.startListening();
        port = server.getListenPort();
    }

    @AfterAll
    static void stop() {
        server.shutDown(true);
    }

    @BeforeEach
    void empty() throws Exception {
        server.clear();
        server.add("dn: dc=example", "objectClass: domain", "dc: example");
        server.add("dn: " + PEOPLE, "objectClass: organizationalUnit", "ou: people");
        server.add("dn: " + LISTS, "objectClass: organizationalUnit", "ou: lists");
    }

    @Override
    protected ErasureStore open() {
        return open("right", LISTS);
    }

    @Override
    protected ErasureStore openWithWrongCredentials() {
        return open("wrong", LISTS);
    }

    @Override
    protected ErasureStore openWithMissingTarget() {
        return open("right", "ou=nowhere,dc=example");
    }

    private static ErasureStore open(String password, String lists) {
        String yaml = """
                url: ldap://localhost:%d
                bindDn: cn=lethe
                password: %s
                entries:
                  "ou=people,dc=example": { uid: userId, mail: email }
                  "%s": { mail: email }
                """.formatted(port, password, lists);
        try {
            return ConfigFile.parse(
                            "test", yaml, Map.of(), section -> new LdapStoreFactory().configure("directory", section))
                    .config()
                    .get();
        } catch (MisconfiguredException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    protected Map<String, Long> plant(Subject subject) {
        String mail = subject.values("email").getFirst();
        add(PEOPLE, "uid", subject.userId());
        add(PEOPLE, "mail", mail);
        add(LISTS, "mail", mail);
        return Map.of(PEOPLE, 2L, LISTS, 1L);
    }

    @Override
    protected Map<String, Long> plantShared(Subject one, Subject other) {
        add(PEOPLE, "uid", one.userId(), other.userId());
        return Map.of(PEOPLE, 1L);
    }

    private void add(String base, String attribute, String... values) {
        String name = "entry " + ++entries;
        try {
            server.add(
                    "cn=" + name + "," + base,
                    new Attribute("objectClass", "inetOrgPerson"),
                    new Attribute("cn", name),
                    new Attribute("sn", name),
                    new Attribute(attribute, values));
        } catch (LDAPException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    protected List<String> contents() {
        try {
            return server
                    .search("dc=example", SearchScope.SUB, "(objectClass=inetOrgPerson)")
                    .getSearchEntries()
                    .stream()
                    .map(Object::toString)
                    .sorted()
                    .toList();
        } catch (LDAPException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    protected void cutOff() {
        server.shutDown(true);
    }

    @Override
    protected void bringBack() {
        try {
            server.startListening();
        } catch (LDAPException e) {
            throw new AssertionError(e);
        }
    }
}
