import Ledger

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Timestamp {
  /// The system's time of day.
  @Sendable
  static func ofSystem() -> Timestamp {
    var time = timespec()
    // Cannot fail with this clock and a valid address.
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(microseconds: Int64(time.tv_sec) * microsecondsPerSecond + Int64(time.tv_nsec) / 1_000)
  }
}
