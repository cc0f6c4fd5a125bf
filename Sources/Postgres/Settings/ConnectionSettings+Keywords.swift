extension ConnectionSettings {
  /// A path under which nothing can ever be. libpq takes an empty keyword for an absent one and then looks into the
  /// environment and the home folder; a path that leads nowhere ends the search.
  private static let nowhere = "/dev/null/none"

  /// libpq's keywords for one host.
  func keywords(for host: Host) -> [(keyword: String, value: String)] {
    var pairs: [(keyword: String, value: String)] = [
      ("host", host.name), ("port", String(host.port)), ("dbname", database), ("user", user),
      ("passfile", Self.nowhere), ("application_name", applicationName), ("client_encoding", "UTF8"),
      ("options", options), ("gssencmode", "disable"), ("channel_binding", "prefer"),
      ("target_session_attrs", targetSessionAttributes.rawValue),
      ("sslmode", host.isLocalSocket ? SSLMode.disable.rawValue : sslMode.rawValue),
      ("sslrootcert", sslRootCertificatePath ?? Self.nowhere), ("sslcert", Self.nowhere), ("sslkey", Self.nowhere),
      ("sslcrl", Self.nowhere), ("ssl_min_protocol_version", "TLSv1.2"), ("keepalives", "1"),
      ("keepalives_idle", String(keepalives.idle.wholeSeconds)),
      ("keepalives_interval", String(keepalives.interval.wholeSeconds)), ("keepalives_count", String(keepalives.count)),
      ("tcp_user_timeout", String(tcpUserTimeout.wholeMilliseconds)),
    ]
    if let password { pairs.append(("password", password)) }
    return pairs
  }

  /// What the session is told at its start, in the form of the server's command line.
  private var options: String {
    var parameters: [(name: String, value: String)] = [
      ("statement_timeout", "\(statementTimeout.wholeMilliseconds)"),
      ("lock_timeout", "\(lockTimeout.wholeMilliseconds)"),
      ("idle_in_transaction_session_timeout", "\(idleInTransactionTimeout.wholeMilliseconds)"),
      ("client_connection_check_interval", "\(clientCheckInterval.wholeMilliseconds)"),
      ("default_transaction_isolation", "read committed"), ("client_min_messages", "notice"),
      ("datestyle", "ISO"), ("timezone", "UTC"),
    ]
    if let role { parameters.append(("role", role)) }
    parameters += sessionParameters
    return parameters.map { "-c " + Self.escaped("\($0.name)=\($0.value)") }.joined(separator: " ")
  }

  /// The server splits its options at white space, and a backslash keeps the next byte as it is.
  private static func escaped(_ text: String) -> String {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if byte == 32 || (9...13).contains(byte) || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// - Throws: `settings` for what libpq would misread, or read differently from what is meant.
  func validate() throws(PostgresError) {
    func fail(_ reason: String) -> PostgresError { PostgresError(.settings, outcome: .notSent, reason: reason) }
    guard !hosts.isEmpty else { throw fail("no host") }
    guard !database.isEmpty else { throw fail("no database") }
    guard !user.isEmpty else { throw fail("no user") }
    for host in hosts {
      guard !host.name.isEmpty, !host.name.utf8.contains(UInt8(ascii: ",")) else { throw fail("host \"\(host.name)\"") }
      guard (1...65_535).contains(host.port) else { throw fail("port \(host.port)") }
      guard !host.isLocalSocket || host.socketPath.utf8.count <= Host.maximumSocketPathBytes else {
        throw fail("the socket's path \(host.socketPath) has more than \(Host.maximumSocketPathBytes) bytes")
      }
    }
    if sslMode == .verifyCA || sslMode == .verifyFull, sslRootCertificatePath == nil,
      hosts.contains(where: { !$0.isLocalSocket })
    {
      throw fail("sslmode \(sslMode.rawValue) needs sslrootcert")
    }
    let texts = hosts.flatMap { keywords(for: $0) }
    if let pair = texts.first(where: { $0.value.utf8.contains(0) }) { throw fail("a NUL byte in \(pair.keyword)") }
  }
}

extension ConnectionSettings.Host {
  /// The longest path of a Unix socket on Linux (`sun_path` with its NUL).
  package static let maximumSocketPathBytes = 107

  /// The socket's path, meaningful for a local socket only.
  package var socketPath: String { "\(name)/.s.PGSQL.\(port)" }
}

extension Duration {
  /// Whole milliseconds, rounded up, so that a limit never becomes "none" (0) by rounding.
  fileprivate var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
  }

  /// Whole seconds, rounded up.
  fileprivate var wholeSeconds: Int64 { (wholeMilliseconds + 999) / 1000 }
}
