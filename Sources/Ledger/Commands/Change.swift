/// A part of a change command: leave a setting as it is, or set it, be it to nil.
package enum Change<Value: Hashable & Sendable>: Hashable, Sendable {
  /// The setting stays.
  case keep
  /// The setting becomes this value.
  case set(Value)

  /// The setting after the change.
  package func applied(to current: Value) -> Value {
    switch self {
    case .keep: current
    case .set(let value): value
    }
  }
}
