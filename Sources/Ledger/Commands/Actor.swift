/// Who brought a command about, as a log line may name it. Users of the operating system and members are personal, so
/// their names stand in the line's private payload instead (docs/audit.md).
package enum Actor: Hashable, Sendable {
  /// A request with this key.
  case key(KeyID)
  /// The gateway on its own, as when it resolves what is in doubt.
  case system
  /// A person at the command line.
  case `operator`

  /// The text in a log line: `key:<uuid>`, `system` or `operator`.
  package var text: String {
    switch self {
    case .key(let id): "key:\(id)"
    case .system: "system"
    case .operator: "operator"
    }
  }
}
