import Ledger
import LedgerStore

extension Identifier {
  /// The last digits, which are enough to tell the few ids of a world apart.
  var short: String { String(bits & 0xFFFF_FFFF, radix: 16) }
}

extension LaneCommand {
  /// The command in few words.
  var trace: String {
    switch self {
    case .hold(let request): "hold \(request.record.short)"
    case .settle(let request): "settle \(request.record.short)"
    case .release(let request): "release \(request.record.short) \(request.cause)"
    case .markInDoubt(let request): "doubt \(request.record.short) \(request.cause)"
    case .resolve(let request, _): "resolve \(request.record.short) \(request.charge.map { "\($0)" } ?? "release")"
    case .credit(let request, _): "credit \(request.record.short) \(request.amount)"
    default: "administration of \(team.short)"
    }
  }
}
