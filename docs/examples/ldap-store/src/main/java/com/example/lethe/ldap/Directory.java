package com.example.lethe.ldap;

import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.SingleServerSet;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StoreUnavailableException;
import java.security.NoSuchAlgorithmException;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;

/** The connections to the server, and what its errors mean. */
final class Directory implements AutoCloseable {
    private static final int CONNECTIONS = 4;

    private final LDAPConnectionPool pool;

    interface Question<T> {
        T ask(LDAPConnectionPool pool) throws LDAPException;
    }

    /** Connects to nothing yet: a store that is down when a worker starts is a store that is down. */
    Directory(LdapStoreConfig config) {
        var options = new LDAPConnectionOptions();
        options.setConnectTimeoutMillis((int) config.timeout().toMillis());
        options.setResponseTimeoutMillis(config.timeout().toMillis());
        options.setSSLSocketVerifier(new HostNameSSLSocketVerifier(true));
        var bind = new SimpleBindRequest(config.bindDn(), config.password().reveal());
        try {
            SocketFactory sockets =
                    config.tls() ? SSLContext.getDefault().getSocketFactory() : SocketFactory.getDefault();
            pool = new LDAPConnectionPool(
                    new SingleServerSet(config.host(), config.port(), sockets, options), bind, 0, CONNECTIONS);
        } catch (LDAPException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("only a pool that connects at once, or a Java without TLS, fails here");
        }
    }

    /** The server's messages name entries, so nothing of them is passed on but the code. */
    <T> T ask(Question<T> question) throws StoreUnavailableException {
        try {
            return question.ask(pool);
        } catch (LDAPException e) {
            int code = e.getResultCode().intValue();
            String said = " (LDAP result " + code + ")";
            // The numbers are those of RFC 4511, A.1; from 81 on, the SDK's own.
            switch (code) {
                case 7, 8, 48, 49 ->
                    throw new StoreUnavailableException(
                            "UNAUTHENTICATED", "the directory refuses the login: check bindDn and password" + said);
                case 32, 50 ->
                    throw new StoreUnavailableException(
                            "MISCONFIGURED", "a base is gone, or bindDn may not search or delete there" + said);
                case 3, 11, 51 -> throw new StoreUnavailableException("OVERLOADED", "the directory is busy" + said);
                case 1, 52, 53, 80, 81, 82, 84, 85, 91 ->
                    throw new StoreUnavailableException(
                            "UNREACHABLE", "the directory can't be reached, or is not working: check url" + said);
                // Such as 4, more entries than the server lists at once: the worker takes the batch apart.
                default -> throw new StoreFailureException("LDAP_" + code);
            }
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
