import Glibc
package import NIOCore
package import NIOPosix

/// Finds the addresses that a host's name leads to.
package struct NameLookup: Sendable {
  /// The addresses of a name, in the order in which they are to be tried. The future belongs to the loop.
  package var addresses: @Sendable (String, any EventLoop) -> EventLoopFuture<[NetworkAddress]>

  /// A lookup that asks `addresses`.
  package init(addresses: @escaping @Sendable (String, any EventLoop) -> EventLoopFuture<[NetworkAddress]>) {
    self.addresses = addresses
  }

  /// The system's own. It blocks a thread for as long as name servers do not answer, so the threads are these alone.
  package static func system(on threads: NIOThreadPool) -> NameLookup {
    NameLookup { name, loop in
      threads.runIfActive(eventLoop: loop) { try NameLookup.ask(name) }
    }
  }

  /// Asks the system (getaddrinfo, RFC 3493 section 6.1). Throws `WebhookFailure.notResolved`.
  private static func ask(_ name: String) throws -> [NetworkAddress] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_ADDRCONFIG
    var first: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(name, nil, &hints, &first) == 0 else { throw WebhookFailure.notResolved }
    defer { freeaddrinfo(first) }
    var found: [NetworkAddress] = []
    var next = first
    while let entry = next {
      if let address = address(of: entry.pointee), !found.contains(address) { found.append(address) }
      next = entry.pointee.ai_next
    }
    guard !found.isEmpty else { throw WebhookFailure.notResolved }
    return found
  }

  private static func address(of entry: addrinfo) -> NetworkAddress? {
    guard let pointer = UnsafeRawPointer(entry.ai_addr) else { return nil }
    switch entry.ai_family {
    case AF_INET:
      return .v4(UInt32(bigEndian: pointer.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr))
    case AF_INET6:
      let address = pointer.loadUnaligned(as: sockaddr_in6.self).sin6_addr
      return .v6(withUnsafeBytes(of: address) { bytes in bytes.reduce(0) { $0 << 8 | UInt128($1) } })
    default: return nil
    }
  }
}

extension NetworkAddress {
  /// The address with a port, as a socket takes it.
  func socketAddress(port: Int) throws -> SocketAddress {
    var bytes = ByteBuffer()
    switch self {
    case .v4(let bits): bytes.writeInteger(bits)
    case .v6(let bits): bytes.writeInteger(bits)
    }
    return try SocketAddress(packedIPAddress: bytes, port: port)
  }
}
