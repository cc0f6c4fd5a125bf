/// What a key may be used for; checked where the request is authenticated, not here.
package struct KeyScopes: OptionSet, Hashable, Sendable {
  /// One bit for each scope.
  package let rawValue: UInt8

  /// The scopes of these bits.
  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Manage the team.
  package static let admin = KeyScopes(rawValue: 1)
  /// Read the audit log, proofs and exports.
  package static let audit = KeyScopes(rawValue: 2)
  /// Submit edits.
  package static let edit = KeyScopes(rawValue: 4)
  /// Read usage and costs.
  package static let reports = KeyScopes(rawValue: 8)

  /// Every scope with its name, in the order in which a log line lists them.
  package static let named: [(name: String, scope: KeyScopes)] = [
    ("admin", .admin), ("audit", .audit), ("edit", .edit), ("reports", .reports),
  ]

  /// The scopes of these names; nil when one of them is no scope.
  package init?(names: some Sequence<String>) {
    var scopes: KeyScopes = []
    for name in names {
      guard let known = KeyScopes.named.first(where: { $0.name == name }) else { return nil }
      scopes.insert(known.scope)
    }
    self = scopes
  }

  /// The names of the scopes, ordered.
  package var names: [String] {
    KeyScopes.named.filter { contains($0.scope) }.map(\.name)
  }
}
