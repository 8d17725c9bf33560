package com.example.lethe.ldap;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPURL;
import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How to reach a directory, and where in it personal data is.
 *
 * @param host the server
 * @param port its port
 * @param tls whether it speaks TLS; its certificate has to be one that this Java trusts
 * @param bindDn who reads and deletes
 * @param password of the same
 * @param targets where to look, in this order
 * @param timeout for a connection, and for each answer
 */
record LdapStoreConfig(
        String host, int port, boolean tls, String bindDn, Secret password, List<Target> targets, Duration timeout) {

    /**
     * Entries below a base.
     *
     * @param base the DN of the base, which is the target's name
     * @param identifierByAttribute the identifier whose values are in an attribute; an entry belongs to whomever one fits
     */
    record Target(String base, Map<String, String> identifierByAttribute) {}

    static LdapStoreConfig read(Section section) {
        Optional<LDAPURL> url = url(section);
        var targets = new ArrayList<Target>();
        Section entries = section.section("entries");
        for (String base : entries.keys()) {
            var target = new Target(base, entries.textByName(base));
            if (!DN.isValidDN(base) || target.identifierByAttribute().isEmpty()) {
                entries.problem(
                        base, "must map the attributes of a DN, such as \"ou=people,dc=example\": { uid: userId }");
            }
            targets.add(target);
        }
        if (targets.isEmpty()) {
            section.problem("entries", "names no base; without one, nothing is ever erased");
        }
        return new LdapStoreConfig(
                url.map(LDAPURL::getHost).orElse(""),
                url.map(LDAPURL::getPort).orElse(0),
                url.map(LDAPURL::getScheme).orElse("").equals("ldaps"),
                section.text("bindDn"),
                section.secret("password"),
                targets,
                section.duration("timeout", Duration.ofSeconds(10)));
    }

    private static Optional<LDAPURL> url(Section section) {
        String text = section.text("url");
        try {
            return Optional.of(new LDAPURL(text)).filter(LDAPURL::hostProvided);
        } catch (LDAPException e) {
            section.problem("url", "must be ldap://host:port, or ldaps:// for TLS");
            return Optional.empty();
        }
    }
}
