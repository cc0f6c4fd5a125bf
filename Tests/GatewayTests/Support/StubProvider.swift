import Gateway
import Synchronization
import Upstream

/// A provider whose outcomes a test decides.
final class StubProvider: Provider {
  private struct State {
    var edit: EditOutcome
    var asset: AssetOutcome
    var edits: [EditRequest] = []
    var uploads: [AssetUpload] = []
  }

  private let state: Mutex<State>
  /// Held back until a test lets it go; nil: answers at once.
  private let gate: Promise<Void>?
  /// Fulfilled when an edit has reached the provider.
  let reached = Promise<Void>()

  init(
    edit: EditOutcome = .done(Fixtures.result), asset: AssetOutcome = .stored(StoredAsset(key: "images/stored.png")),
    gate: Promise<Void>? = nil
  ) {
    state = Mutex(State(edit: edit, asset: asset))
    self.gate = gate
  }

  var edits: [EditRequest] { state.withLock { $0.edits } }
  var uploads: [AssetUpload] { state.withLock { $0.uploads } }

  func submit(_ edit: EditRequest, permit: @escaping @Sendable () -> Bool) async -> EditOutcome {
    guard permit() else { return .notDone(Refusal(cause: .notPermitted)) }
    state.withLock { $0.edits.append(edit) }
    reached.fulfil(())
    if let gate { _ = await gate.value() }
    return state.withLock { $0.edit }
  }

  func upload(_ asset: AssetUpload) async -> AssetOutcome {
    state.withLock {
      $0.uploads.append(asset)
      return $0.asset
    }
  }

  func result(uuid: String) async -> ResultOutcome { .notFound }
}
