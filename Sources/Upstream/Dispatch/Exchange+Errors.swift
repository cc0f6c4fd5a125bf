import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension Exchange {
  /// What an error of the HTTP client means for a request that got as far as `state`.
  init(error: any Error, state: Dispatch.State) {
    switch state {
    case .sent: self = .unanswered(Self.uncertainty(of: error))
    case .notPermitted: self = .notSent(.notPermitted)
    case .waiting, .withdrawn: self = .notSent(.notSent(Self.unsent(by: error)))
    }
  }

  private static func uncertainty(of error: any Error) -> Uncertainty.Cause {
    if error is ResponseAccumulator.ResponseTooBigError { return .tooLarge }
    if error is HTTPParserError { return error as? HTTPParserError == .invalidEOFState ? .reset : .unparseable }
    if let error = error as? HTTPClientError {
      return [.deadlineExceeded, .readTimeout, .writeTimeout].contains(error) ? .timedOut : .reset
    }
    return .reset
  }

  private static func unsent(by error: any Error) -> Refusal.Unsent {
    if let error = error as? NIOConnectionError {
      return error.connectionErrors.isEmpty ? .dns : .connect
    }
    if error is NIOSSLError || error is NIOSSLExtraError || error is BoringSSLError { return .tls }
    guard let error = error as? HTTPClientError else { return .connect }
    switch error {
    case .tlsHandshakeTimeout: return .tls
    case .getConnectionFromPoolTimeout, .deadlineExceeded: return .busy
    case .alreadyShutdown, .cancelled: return .stopping
    default: return .connect
    }
  }

  /// A short reason for the operator's log. Never the error's own text, which can repeat header values, the key among
  /// them.
  static func reason(of error: any Error) -> String {
    switch error {
    case let error as HTTPClientError: error.shortDescription
    case let error as NIOConnectionError: error.reason
    case let error as IOError: "errno \(error.errnoCode)"
    case let error as HTTPParserError: "\(error)"
    default: "\(type(of: error))"
    }
  }
}

extension NIOConnectionError {
  fileprivate var reason: String {
    guard let first = connectionErrors.first else { return "name not resolved: \(host)" }
    if let error = first.error as? IOError { return "no connection to \(host):\(port): errno \(error.errnoCode)" }
    return "no connection to \(host):\(port): \(type(of: first.error))"
  }
}
