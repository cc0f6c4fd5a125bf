#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Tells the time; a test may put its own in.
struct SandboxClock: Sendable {
  /// The present moment.
  let now: @Sendable () -> UTCTime

  /// The machine's clock.
  static let system = SandboxClock {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UTCTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
