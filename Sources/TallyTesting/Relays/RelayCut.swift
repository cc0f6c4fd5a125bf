/// Which way bytes go through a relay.
package enum RelayDirection: Sendable, Hashable {
  /// From the gateway to the server.
  case request
  /// From the server to the gateway.
  case reply
}

/// Where a relay cuts a connection: both ends see it closed there, and whatever comes after it is lost.
package enum RelayCut: Sendable, Hashable {
  /// After so many more bytes in one direction, counted over all connections.
  case afterBytes(Int, RelayDirection)
  /// Right before the reply that contains these bytes: the server has done what it reports, and nobody hears of it.
  case beforeReply(containing: [UInt8])

  /// Right before the server says that a COMMIT is done: exactly this reply is lost.
  package static let beforeCommitReply = RelayCut.beforeReply(containing: Array("COMMIT\0".utf8))

  /// Takes in bytes that come through.
  /// - Returns: how many of them may still pass before the connection is cut; nil when the cut is not here.
  package mutating func pass(_ bytes: some Collection<UInt8>, _ direction: RelayDirection) -> Int? {
    switch self {
    case .afterBytes(let left, direction):
      guard bytes.count <= left else { return left }
      self = .afterBytes(left - bytes.count, direction)
      return nil
    case .beforeReply(let marker) where direction == .reply && bytes.contains(sequence: marker):
      return 0
    case .afterBytes, .beforeReply:
      return nil
    }
  }
}

extension Collection<UInt8> {
  fileprivate func contains(sequence: [UInt8]) -> Bool {
    guard let first = sequence.first, count >= sequence.count else { return false }
    var rest = self[...]
    while let found = rest.firstIndex(of: first) {
      rest = rest[found...]
      if rest.starts(with: sequence) { return true }
      rest = rest.dropFirst()
    }
    return false
  }
}
