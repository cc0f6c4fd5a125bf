import NIOCore

extension Refusal {
  /// What a status other than 200 means, the same for every request (docs/ledger.md).
  ///
  /// - Returns: a refusal where the provider provably did nothing, otherwise what remains uncertain.
  static func reading(_ answer: Answer) -> Result<Refusal, Uncertainty> {
    let status = answer.status
    let body = JSONCoding.decode(ErrorBody.self, from: Array(answer.body.readableBytesView))
    // With a record beside it nobody can tell which of the two is meant.
    let error = body.flatMap { $0.hasRecord ? nil : $0 }
    switch status {
    case 400, 404, 413, 415, 422:
      guard let error else { return .failure(Uncertainty(cause: .unparseable, httpStatus: status)) }
      return .success(Refusal(cause: .refused, status: status, error: error))
    case 401, 403, 406:
      let code = PassedOnText.bounded(error?.errorCode, limit: PassedOnText.codeScalars)
      return .success(Refusal(cause: .account, httpStatus: status, errorCode: code))
    case 429:
      var refusal = Refusal(cause: .rateLimited, status: status, error: error)
      refusal.retryAfterSeconds = RetryAfter.seconds(answer.retryAfter, date: answer.date)
      return .success(refusal)
    case 408, 504, 522, 524:
      return .failure(Uncertainty(cause: .timedOut, httpStatus: status))
    case 500...599:
      return .failure(Uncertainty(cause: .serverError, httpStatus: status))
    default:
      return .failure(Uncertainty(cause: .unexpectedStatus, httpStatus: status))
    }
  }

  init(cause: Cause, status: Int, error: ErrorBody?) {
    self.init(
      cause: cause, httpStatus: status,
      errorCode: PassedOnText.bounded(error?.errorCode, limit: PassedOnText.codeScalars),
      message: PassedOnText.bounded(error?.message, limit: PassedOnText.messageScalars),
      details: PassedOnText.bounded(error?.details, limit: PassedOnText.detailsScalars))
  }
}

extension Uncertainty: Error {}
