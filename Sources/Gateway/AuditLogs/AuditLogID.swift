import Crypto
package import Ledger

/// How an audit list names its entries: by the line's place, which never changes, behind a check that makes it no number
/// to count with and no other team's.
package enum AuditLogID {
  private static let prefix = "audit_log-"
  private static let checkBytes = 4
  private static let digits = 24
  private static let placeDigits = 16
  private static let radix = 16

  /// The id of the line at a place of a team's log.
  package static func text(_ place: Int64, of team: TeamID) -> String {
    let digits = String(place, radix: radix)
    return prefix + check(place, team) + String(repeating: "0", count: placeDigits - digits.utf8.count) + digits
  }

  /// The place that an id names; nil where it is not one of this team's.
  package static func place(_ text: String, of team: TeamID) -> Int64? {
    guard text.utf8.starts(with: prefix.utf8), text.utf8.count == prefix.utf8.count + digits else { return nil }
    guard let place = Int64(text.suffix(placeDigits), radix: radix), (0..<Int64.max).contains(place) else { return nil }
    return self.text(place, of: team).hasSameBytes(as: text) ? place : nil
  }

  private static func check(_ place: Int64, _ team: TeamID) -> String {
    let hash = SHA256.hash(data: Array("audit log \(team) \(place)".utf8))
    return hash.prefix(checkBytes).map { byte in
      let digits = String(byte, radix: radix)
      return digits.utf8.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
