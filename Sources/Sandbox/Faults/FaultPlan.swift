/// What goes wrong with an edit on purpose.
enum Fault: Sendable, Equatable {
  /// Refused with 400; no work is done.
  case fail
  /// Done, and never answered.
  case timeout
  /// Done, and answered with 500.
  case billThen500
}

/// Which edit gets which fault: a pure function of the seed and of the number of the edit.
struct FaultPlan: Sendable {
  private let seed: UInt64
  private let failBelow: UInt64
  private let timeoutBelow: UInt64
  private let billThen500Below: UInt64

  /// - Throws: ``SandboxError/ratesOverOne``.
  init(_ configuration: SandboxConfiguration) throws(SandboxError) {
    seed = configuration.seed
    let fail = configuration.failRate.partsPerMillion
    let timeout = fail + configuration.timeoutRate.partsPerMillion
    let billThen500 = timeout + configuration.billThen500Rate.partsPerMillion
    guard billThen500 <= FaultRate.one else { throw .ratesOverOne }
    failBelow = UInt64(fail)
    timeoutBelow = UInt64(timeout)
    billThen500Below = UInt64(billThen500)
  }

  /// The fault of the edit of that number, from 0; nil where it goes well.
  func fault(of number: UInt64) -> Fault? {
    guard billThen500Below > 0 else { return nil }
    var generator = SplitMix64(seed: seed &+ number &* SplitMix64.step)
    let drawn = generator.next() % UInt64(FaultRate.one)
    return switch drawn {
    case ..<failBelow: .fail
    case ..<timeoutBelow: .timeout
    case ..<billThen500Below: .billThen500
    default: nil
    }
  }
}
