extension ResultOutcome {
  /// What an exchange says of the edit that was asked for.
  init(_ exchange: Exchange) {
    switch exchange {
    case .notSent(let cause): self = .refused(Refusal(cause: cause))
    case .unanswered(let cause): self = .unanswered(Uncertainty(cause: cause))
    case .answered(let answer):
      guard answer.status == 200 else {
        switch Refusal.reading(answer) {
        case .success(let refusal): self = .refused(refusal)
        case .failure(let uncertainty): self = .unanswered(uncertainty)
        }
        return
      }
      switch RecordState(answer) {
      case .done(let result): self = .done(result)
      case .failed(let refusal): self = .failed(refusal)
      case .processing: self = .processing
      case .absent: self = .notFound
      case .unreadable: self = .unanswered(Uncertainty(cause: .unparseable, httpStatus: 200))
      }
    }
  }
}
