import Foundation

/// The seed that whoever runs the tests asks for.
enum EnvironmentSeed {
  /// `TALLY_TEST_SEED`, where it is a number.
  static var value: UInt64? {
    ProcessInfo.processInfo.environment["TALLY_TEST_SEED"].flatMap { UInt64($0) }
  }
}
