/// Why the sandbox could not start.
package enum SandboxError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The rates of the faults add up to more than 1.
  case ratesOverOne
  /// The latency is negative or over ``SandboxConfiguration/maximumLatencyMilliseconds``.
  case latencyOutOfRange
  /// The truth log cannot be opened for appending; with the operating system's error number.
  case truthLogUnusable(errno: Int32)

  package var description: String {
    switch self {
    case .ratesOverOne: "the rates of the sandbox's faults add up to more than 1"
    case .latencyOutOfRange:
      "the sandbox's latency must be 0 to \(SandboxConfiguration.maximumLatencyMilliseconds) milliseconds"
    case .truthLogUnusable(let errno): "the truth log cannot be opened for appending (errno \(errno))"
    }
  }
}
