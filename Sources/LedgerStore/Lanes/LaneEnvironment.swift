package import Ledger

/// What a lane's pure parts may not find themselves: clock, calendar, randomness, names.
package struct LaneEnvironment: Sendable {
  /// First part of a new team's log origin.
  package var logName: String
  /// Who takes holds.
  package var instance: InstanceID
  /// The gateway's own clock, to compare the database's with.
  package var now: @Sendable () -> Timestamp
  /// The calendar month in a zone that a moment lies in.
  package var month: @Sendable (Timestamp, String) -> PeriodBounds
  /// 32 random bytes for the salt of a private payload.
  package var salt: @Sendable () -> [UInt8]

  /// An environment of these parts.
  package init(
    logName: String, instance: InstanceID, now: @escaping @Sendable () -> Timestamp,
    month: @escaping @Sendable (Timestamp, String) -> PeriodBounds, salt: @escaping @Sendable () -> [UInt8]
  ) {
    self.logName = logName
    self.instance = instance
    self.now = now
    self.month = month
    self.salt = salt
  }
}
