extension ConnectionSettings {
  /// One server: a name or address with a port, or the folder of a Unix socket with the port that is part of the socket's name.
  package struct Host: Sendable, Hashable, CustomStringConvertible {
    /// PostgreSQL's registered port.
    package static let defaultPort = 5432

    /// A host name, an IP address, or the absolute path of a socket's folder.
    package var name: String
    /// The TCP port, 1 to 65535, or the number in the socket's name.
    package var port: Int

    /// A server over TCP.
    package init(_ name: String, port: Int = Self.defaultPort) {
      self.name = name
      self.port = port
    }

    /// A server on this machine.
    /// - Parameter socketFolder: the absolute path of the folder that has the socket.
    package init(socketFolder: String, port: Int = Self.defaultPort) {
      self.name = socketFolder
      self.port = port
    }

    /// Whether it is reached over a Unix socket.
    package var isLocalSocket: Bool { name.utf8.first == UInt8(ascii: "/") }

    package var description: String { "\(name):\(port)" }
  }
}
