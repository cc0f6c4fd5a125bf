import Ledger

extension LedgerStore {
  /// Takes the hold of an edit, or refuses it, committed before this returns. Only after `.held` may the upstream be
  /// called.
  /// - Throws: `unavailable` without a database or in time: a hold that was taken nevertheless is released by the lane;
  ///   `overloaded`; `notAllowed`; `unpriced`; `notFound`; `idempotencyKeyReused`.
  package func hold(_ request: HoldRequest) async throws(StoreError) -> HoldAnswer {
    switch try await submit(.hold(request)) {
    case .held(let held): return .held(held)
    case .refused(let refused): return .refused(refused)
    case .repeated(let repeated): return .repeated(repeated)
    // It took so long to find out about the commit that somebody else has doubted or ended the hold meanwhile. Nothing was
    // sent, and the lane gives it back.
    case .resolved, .noted, .done, .unchanged: throw StoreError(.unavailable(mayBeHeld: true))
    }
  }

  /// Books what is known of a held edit. The lane tries until it commits; a `prompt` caller is told `unavailable` after
  /// `settleTimeout`, and the booking goes on without it.
  /// - Throws: `unavailable`; `unknownHold` when there is no such hold; `notAllowed` when the team is halted.
  package func book(_ booking: Booking, _ patience: BookingPatience) async throws(StoreError) -> BookingAnswer {
    let timeout = patience == .prompt ? settings.settleTimeout : nil
    switch booking {
    case .settle(let request): return .resolved(try await resolution(.settle(request), timeout))
    case .release(let request): return .resolved(try await resolution(.release(request), timeout))
    case .doubt(let request): return .resolved(try await resolution(.markInDoubt(request), timeout))
    case .attach(let request):
      _ = try await submit(.attach(request), timeout: timeout)
      return .attached
    }
  }

  /// Charges a held edit: a prompt `book`.
  /// - Throws: as `book` does.
  package func settle(_ request: SettleRequest) async throws(StoreError) -> ResolvedEdit {
    try await resolution(.settle(request), settings.settleTimeout)
  }

  /// Gives a held edit's credits back: a prompt `book`.
  /// - Throws: as `book` does.
  package func release(_ request: ReleaseRequest) async throws(StoreError) -> ResolvedEdit {
    try await resolution(.release(request), settings.settleTimeout)
  }

  /// Notes that nobody can tell what became of a held edit; its credits stay held: a prompt `book`.
  /// - Throws: as `book` does.
  package func markInDoubt(_ request: InDoubtRequest) async throws(StoreError) -> ResolvedEdit {
    try await resolution(.markInDoubt(request), settings.settleTimeout)
  }

  /// Ends an open hold by hand: charges what `request` names, or releases it.
  /// - Throws: `unknownHold`; `invalid` for a charge above the hold; `conflict` when it was resolved before;
  ///   `unavailable`.
  package func resolve(_ request: ResolveRequest, by administrator: Administrator) async throws(StoreError)
    -> ResolvedEdit
  {
    let edit = try await resolution(.resolve(request, administrator), settings.holdTimeout)
    guard !edit.wasResolvedBefore else {
      throw StoreError(.conflict("the edit was \(edit.state.rawValue) before"))
    }
    return edit
  }

  /// Gives back some of a charge.
  /// - Throws: `unknownHold`; `invalid` for more than is left of the charge; `conflict`; `unavailable`.
  package func credit(_ request: CreditRequest, by administrator: Administrator) async throws(StoreError) {
    _ = try await submit(.credit(request, administrator))
  }

  private func resolution(_ command: LaneCommand, _ timeout: Duration?) async throws(StoreError) -> ResolvedEdit {
    guard case .resolved(let edit) = try await submit(command, timeout: timeout) else { throw StoreError(.database) }
    return edit
  }
}
