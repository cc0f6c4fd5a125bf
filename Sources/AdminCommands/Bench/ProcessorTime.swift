import Glibc

/// Processor time of this process, user and system together, all threads.
struct ProcessorTime: Sendable {
  private var microseconds: Int64

  /// What was used until now.
  static func now() -> ProcessorTime {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    return ProcessorTime(microseconds: microseconds(usage.ru_utime) + microseconds(usage.ru_stime))
  }

  /// Nanoseconds used since `earlier` for each of `count` things; 0 where there were none.
  func nanoseconds(since earlier: ProcessorTime, for count: Int) -> Int64 {
    count == 0 ? 0 : (microseconds - earlier.microseconds) * 1_000 / Int64(count)
  }

  private static func microseconds(_ time: timeval) -> Int64 {
    Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_usec)
  }
}
