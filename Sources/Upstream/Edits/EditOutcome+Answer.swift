extension EditOutcome {
  /// What an exchange means for the edit that it carried.
  init(_ exchange: Exchange) {
    switch exchange {
    case .notSent(let cause): self = .notDone(Refusal(cause: cause))
    case .unanswered(let cause): self = .unknown(Uncertainty(cause: cause))
    case .answered(let answer):
      guard answer.status == 200 else {
        switch Refusal.reading(answer) {
        case .success(let refusal): self = .notDone(refusal)
        case .failure(let uncertainty): self = .unknown(uncertainty)
        }
        return
      }
      switch RecordState(answer) {
      case .done(let result): self = .done(result)
      case .failed(let refusal): self = .notDone(refusal)
      case .processing(let uuid): self = .accepted(uuid: uuid)
      // No record, or none that can be read: the status says that something was done.
      case .absent, .unreadable: self = .unknown(Uncertainty(cause: .unparseable, httpStatus: 200))
      }
    }
  }
}
