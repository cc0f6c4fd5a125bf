/// Where the server is and how to talk to it. Everything that matters is sent explicitly, so that neither `PG…` variables of the
/// environment nor password and service files have a say.
package struct ConnectionSettings: Sendable {
  /// Whether the connection is encrypted, and how far the server is checked (libpq's `sslmode`).
  package enum SSLMode: String, Sendable, CaseIterable {
    case disable, allow, prefer, require
    case verifyCA = "verify-ca"
    case verifyFull = "verify-full"
  }

  /// Which server of several is taken (libpq's `target_session_attrs`).
  package enum TargetSessionAttributes: String, Sendable, CaseIterable {
    case any, primary, standby
    case readWrite = "read-write"
    case readOnly = "read-only"
  }

  /// TCP keepalives: without them a peer that vanished without a word is noticed after two hours.
  package struct Keepalives: Sendable, Hashable {
    /// Silence before the first probe.
    package var idle: Duration = .seconds(30)
    /// Time between probes.
    package var interval: Duration = .seconds(10)
    /// Lost probes until the connection is given up.
    package var count = 3

    /// Probes after 30 s, every 10 s, three times.
    package init() {}
  }

  /// The servers, tried in this order.
  package var hosts: [Host]
  /// The database's name.
  package var database: String
  /// The role that logs in.
  package var user: String
  /// Its password. Never shown.
  package var password: String?
  /// Encryption.
  package var sslMode: SSLMode = .prefer
  /// The file with the certificate authority, needed for `verify-ca` and `verify-full`.
  package var sslRootCertificatePath: String?
  /// What `pg_stat_activity` shows.
  package var applicationName = "swift"
  /// The role that the session takes at once (`SET ROLE` through the start-up packet).
  package var role: String?
  /// The longest time for one host, from name resolution to the end of authentication.
  package var connectTimeout: Duration = .seconds(5)
  /// The server's own limit for a statement; zero turns it off. It ends work whose client has gone.
  package var statementTimeout: Duration = .seconds(10)
  /// The longest wait for a lock; zero turns it off.
  package var lockTimeout: Duration = .milliseconds(500)
  /// How long a transaction may sit without a statement, holding locks; zero turns it off.
  package var idleInTransactionTimeout: Duration = .seconds(2)
  /// How often the server looks whether a client that it works for is still there; zero turns it off.
  package var clientCheckInterval: Duration = .milliseconds(500)
  /// TCP keepalives.
  package var keepalives = Keepalives()
  /// How long sent bytes may stay unacknowledged (`TCP_USER_TIMEOUT`).
  package var tcpUserTimeout: Duration = .seconds(10)
  /// Which server of several is taken.
  package var targetSessionAttributes: TargetSessionAttributes = .readWrite
  /// Further parameters of the session, sent as `-c name=value`.
  package var sessionParameters: [(name: String, value: String)] = []

  /// - Parameters:
  ///   - hosts: the servers, tried in this order.
  ///   - database: the database's name.
  ///   - user: the role that logs in.
  ///   - password: its password, nil when the server asks for none.
  package init(hosts: [Host], database: String, user: String, password: String? = nil) {
    self.hosts = hosts
    self.database = database
    self.user = user
    self.password = password
  }
}

extension ConnectionSettings: CustomStringConvertible {
  /// User, hosts and database; never the password.
  package var description: String {
    "\(user)@\(hosts.map(\.description).joined(separator: ","))/\(database)"
  }
}

extension ConnectionSettings: CustomReflectable {
  /// `dump` and `String(reflecting:)` show the description only: a mirror of the fields would show the password.
  package var customMirror: Mirror { Mirror(self, children: ["settings": description]) }
}
