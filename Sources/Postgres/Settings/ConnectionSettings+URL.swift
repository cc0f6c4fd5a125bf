extension ConnectionSettings {
  /// Where Debian's server has its socket: the host of a URL that names none.
  package static let defaultSocketFolder = "/var/run/postgresql"

  /// Reads `postgres://user:password@host:port,host2:port2/database?parameter=value` (PostgreSQL's documentation, "Connection
  /// URIs"), also with `postgresql://`. Everything may be percent-encoded. A folder as host is a Unix socket, also as
  /// `?host=/folder`. Known parameters: `host`, `port`, `sslmode`, `sslrootcert`, `connect_timeout` (whole seconds),
  /// `application_name`, `target_session_attrs`.
  /// - Throws: `settings`; the reason names the part at fault and never shows the password.
  package init(url: String) throws(PostgresError) {
    var rest = Array(url.utf8)[...]
    guard let scheme = ["postgres://", "postgresql://"].first(where: { rest.starts(with: $0.utf8) }) else {
      throw Self.fault("a database URL begins with postgres:// or postgresql://")
    }
    rest = rest.dropFirst(scheme.utf8.count)
    let query = rest.cut(at: "?")
    let path = rest.cut(at: "/")
    var credentials: ArraySlice<UInt8>?
    // The last "@" ends the user's part, so that a password with an unescaped one is not taken for a host and shown.
    if let at = rest.lastIndex(of: UInt8(ascii: "@")) {
      credentials = rest[..<at]
      rest = rest[(at + 1)...]
    }
    let parameters = try Self.parameters(query ?? [])
    let hosts = try Self.hosts(authority: rest, parameters)
    guard var user = credentials, !user.isEmpty else { throw Self.fault("a database URL needs a user") }
    let password = user.cut(at: ":")
    let name = try Self.decoded(user, "user")
    guard !name.isEmpty else { throw Self.fault("a database URL needs a user") }
    let database = try Self.decoded(path ?? [], "database")
    self.init(
      hosts: hosts, database: database.isEmpty ? name : database, user: name,
      password: try password.map { (bytes) throws(PostgresError) in try Self.decoded(bytes, "password") })
    for (key, value) in parameters { try apply(key, value) }
    try validate()
  }

  private mutating func apply(_ key: String, _ value: String) throws(PostgresError) {
    switch key {
    case "host", "port": break
    case "sslmode":
      guard let mode = SSLMode(rawValue: value) else { throw Self.fault("sslmode \"\(value)\"") }
      sslMode = mode
    case "sslrootcert": sslRootCertificatePath = value
    case "connect_timeout":
      guard let seconds = Int(value), (1...3600).contains(seconds) else {
        throw Self.fault("connect_timeout \"\(value)\": 1 to 3600 seconds")
      }
      connectTimeout = .seconds(seconds)
    case "application_name": applicationName = value
    case "target_session_attrs":
      guard let attributes = TargetSessionAttributes(rawValue: value) else {
        throw Self.fault("target_session_attrs \"\(value)\"")
      }
      targetSessionAttributes = attributes
    default: throw Self.fault("the parameter \"\(key)\" is not known")
    }
  }

  private static func parameters(_ query: ArraySlice<UInt8>) throws(PostgresError) -> [(String, String)] {
    var parameters: [(String, String)] = []
    for part in query.split(separator: UInt8(ascii: "&")) {
      var key = part
      guard let value = key.cut(at: "=") else {
        throw fault("the parameter \"\(String(decoding: key, as: UTF8.self))\" has no value")
      }
      let name = try decoded(key, "parameter name")
      guard !parameters.contains(where: { $0.0 == name }) else { throw fault("the parameter \"\(name)\" stands twice") }
      parameters.append((name, try decoded(value, name)))
    }
    return parameters
  }

  private static func hosts(authority: ArraySlice<UInt8>, _ parameters: [(String, String)]) throws(PostgresError)
    -> [Host]
  {
    let port = try parameters.first { $0.0 == "port" }.map { (pair) throws(PostgresError) in try Self.port(pair.1.utf8)
    }
    if let host = parameters.first(where: { $0.0 == "host" })?.1 {
      guard authority.isEmpty else { throw fault("the host stands twice") }
      return host.split(separator: ",").map { Host(String($0), port: port ?? Host.defaultPort) }
    }
    guard !authority.isEmpty else {
      return [Host(socketFolder: defaultSocketFolder, port: port ?? Host.defaultPort)]
    }
    var hosts: [Host] = []
    for part in authority.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      var name = part
      var digits: ArraySlice<UInt8>?
      if name.first == UInt8(ascii: "[") {
        // An IPv6 address has colons of its own.
        guard let end = name.firstIndex(of: UInt8(ascii: "]")) else { throw fault("a host with [ and no ]") }
        let behind = name[(end + 1)...]
        guard behind.isEmpty || behind.first == UInt8(ascii: ":") else { throw fault("text behind the ] of a host") }
        digits = behind.isEmpty ? nil : behind.dropFirst()
        name = name[(name.startIndex + 1)..<end]
      } else {
        digits = name.cut(at: ":")
      }
      let text = try decoded(name, "host")
      guard !text.isEmpty else { throw fault("an empty host") }
      let own = try digits.map { (digits) throws(PostgresError) in try Self.port(digits) }
      hosts.append(Host(text, port: own ?? port ?? Host.defaultPort))
    }
    return hosts
  }

  private static func port(_ digits: some Sequence<UInt8>) throws(PostgresError) -> Int {
    let text = String(decoding: Array(digits), as: UTF8.self)
    guard text.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(text), (1...65_535).contains(port) else {
      throw fault("a port is a number from 1 to 65535")
    }
    return port
  }

  /// Decodes `%XX`. A plus sign stays one: only forms of web pages take it for a space.
  private static func decoded(_ bytes: ArraySlice<UInt8>, _ part: String) throws(PostgresError) -> String {
    var result: [UInt8] = []
    var rest = bytes
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        result.append(byte)
        continue
      }
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      guard rest.count >= 2, digits.utf8.allSatisfy(\.isHexDigit), let value = UInt8(digits, radix: 16), value != 0
      else {
        throw fault("a wrong %-escape in the \(part)")
      }
      result.append(value)
      rest = rest.dropFirst(2)
    }
    guard let text = String(validating: result, as: UTF8.self) else { throw fault("the \(part) is not UTF-8") }
    return text
  }

  private static func fault(_ reason: String) -> PostgresError {
    PostgresError(.settings, outcome: .notSent, reason: reason)
  }
}

extension UInt8 {
  fileprivate var isHexDigit: Bool {
    (48...57).contains(self) || (97...102).contains(self | 32)
  }
}

extension ArraySlice<UInt8> {
  /// Cuts at the first separator: what stands before it stays here, what stands behind it is returned.
  fileprivate mutating func cut(at separator: Unicode.Scalar) -> ArraySlice<UInt8>? {
    guard let index = firstIndex(of: UInt8(ascii: separator)) else { return nil }
    defer { self = self[..<index] }
    return self[(index + 1)...]
  }
}
