import NIOCore
import NIOHTTP1

/// A request that is made once and sent many times.
struct LoadRequest: Sendable {
  var head: HTTPRequestHead
  var body: ByteBuffer
}

/// What is kept of an answer.
struct LoadAnswer: Sendable {
  /// When to ask again, as the server writes it.
  var retryAfter: String?
  var body: ByteBuffer?
}

/// What became of one request.
enum LoadOutcome: Sendable {
  /// An answer with this status was read to its end. More of it is there where it was asked for.
  case answered(status: Int, LoadAnswer?)
  /// No connection could be made.
  case notConnected
  /// The connection ended before the answer did.
  case cut
  /// The answer did not end in time.
  case timedOut

  /// The name that it is counted under; nil: it is no error.
  var errorKind: String? {
    switch self {
    case .answered(200, _): nil
    case .answered(let status, _): "http\(status)"
    case .notConnected: "notConnected"
    case .cut: "connectionCut"
    case .timedOut: "timedOut"
    }
  }
}
