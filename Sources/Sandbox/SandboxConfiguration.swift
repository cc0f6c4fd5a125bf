/// How the stand-in upstream behaves (docs/command-line.md, `tally sandbox`).
package struct SandboxConfiguration: Sendable, Equatable {
  /// The address to listen on.
  package var host: String
  /// The port to listen on; 0 takes any free one.
  package var port: Int
  /// How long an edit takes, in milliseconds.
  package var latencyMilliseconds: Int
  /// The share of edits that are refused with 400, with no work done.
  package var failRate: FaultRate
  /// The share of edits that are done and never answered.
  package var timeoutRate: FaultRate
  /// The share of edits that are done and answered with 500.
  package var billThen500Rate: FaultRate
  /// What decides which edit gets which fault: the same seed and the same order of edits, the same faults.
  package var seed: UInt64
  /// Where the truth log is appended to; nil for none.
  package var truthLogPath: String?

  /// The longest latency, in milliseconds: longer than any client waits.
  package static let maximumLatencyMilliseconds = 3_600_000

  /// A sandbox on loopback, quick and without faults unless told otherwise.
  package init(
    host: String = "127.0.0.1", port: Int = 0, latencyMilliseconds: Int = 0, failRate: FaultRate = .never,
    timeoutRate: FaultRate = .never, billThen500Rate: FaultRate = .never, seed: UInt64 = 0,
    truthLogPath: String? = nil
  ) {
    self.host = host
    self.port = port
    self.latencyMilliseconds = latencyMilliseconds
    self.failRate = failRate
    self.timeoutRate = timeoutRate
    self.billThen500Rate = billThen500Rate
    self.seed = seed
    self.truthLogPath = truthLogPath
  }
}
