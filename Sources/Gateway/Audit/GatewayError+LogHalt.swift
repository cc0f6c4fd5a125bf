import HTTPTypes
import Ledger
package import LedgerStore

extension GatewayError {
  /// 503: the log is not the one that was signed. It asks for no other try, since only an operator can mend it.
  package init(_ halt: LogHalt) {
    self.init(
      .serviceUnavailable, .serviceUnavailable,
      "The log \(halt.origin) is halted: \(halt). Keep what you hold of it; its operator has to open a new one.")
  }
}

extension HeadAccess {
  /// Lets nothing be given away of a log that contradicts what was signed of it: what a reader holds would be the truth,
  /// and this answer not.
  /// - Throws: 503 that says what halted the log.
  func requireUncontradicted(_ team: TeamID) async throws(GatewayError) {
    let halt: LogHalt?
    do {
      halt = try await logHalt(of: team)
    } catch {
      throw GatewayError(error)
    }
    if let halt, halt.isContradicted { throw GatewayError(halt) }
  }
}
