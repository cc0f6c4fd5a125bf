/// What came of one attempt to send a message.
package enum WebhookOutcome: Sendable, Hashable {
  /// An answer came.
  /// - Parameters:
  ///   - status: its status.
  ///   - retryAfterSeconds: how long it asks to be left alone.
  case answered(status: Int, retryAfterSeconds: Int64?)
  /// The address is not one that messages are sent to: nothing was sent.
  case refused(WebhookAddressFault)
  /// No answer came.
  case failed(WebhookFailure)

  /// The status of the answer; nil: there was none.
  package var status: Int64? {
    guard case .answered(let status, _) = self else { return nil }
    return Int64(status)
  }

  /// Whether the message arrived (Standard Webhooks, delivery success and failure).
  package var isSuccess: Bool {
    guard case .answered(let status, _) = self else { return false }
    return (200..<300).contains(status)
  }

  /// What happened, in words that name neither the address nor what was answered.
  package var sentence: String {
    switch self {
    case .answered(let status, _): "the receiver answered \(status)"
    case .refused(let fault): "the address \(fault.rawValue)"
    case .failed(let failure): failure.rawValue
    }
  }
}

/// Why no answer came.
package enum WebhookFailure: String, Error, Sendable, Hashable {
  /// The name is not known, or its servers do not answer.
  case notResolved = "the host's name is not resolved"
  /// One of the addresses that the name leads to is not public: nothing was sent to any of them.
  case privateAddress =
    "the host's name leads to a private, local or reserved address; TALLY_WEBHOOK_ALLOW names hosts and blocks that may be"
  /// Nobody accepts the connection.
  case notConnected = "no connection to the host"
  /// There is no TLS that can be trusted: a wrong or old certificate, another name.
  case notTrusted = "the host's certificate is not trusted for its name, or it speaks no TLS"
  /// The connection ended before an answer.
  case cut = "the connection ended without an answer"
  /// What was answered is no HTTP.
  case unreadable = "the answer is not HTTP"
  /// It took too long.
  case timedOut = "no answer in time"
  /// This program ends.
  case stopping = "the program is ending"
}
