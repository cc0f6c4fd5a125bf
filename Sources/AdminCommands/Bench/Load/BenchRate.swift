import ArgumentParser

/// `--rate`: requests a second, or `max`.
struct BenchRate: ExpressibleByArgument, Hashable, Sendable {
  private static let maximum: Int64 = 1_000_000

  /// Requests a second; nil: as many as the connections can take.
  var perSecond: Int?

  init?(argument: String) {
    if argument == "max" { return }
    guard let value = WholeNumber.parse(argument), (1...Self.maximum).contains(value) else { return nil }
    perSecond = Int(value)
  }
}
