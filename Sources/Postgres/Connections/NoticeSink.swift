import CLibPQ

/// Collects what the server remarks. libpq calls it in the middle of its own work, always on the connection's thread.
final class NoticeSink {
  /// The remarks kept of one run; a statement that raises a notice for every row must not fill memory.
  static let maximumCount = 100

  private(set) var reports: [ServerReport] = []
  /// The report with which the server ends a connection that is not at work.
  private(set) var fatal: ServerReport?

  /// Sets the sink as a connection's receiver. It must live as long as the connection.
  func attach(to connection: OpaquePointer) {
    let receiver: PQnoticeReceiver = { context, result in
      guard let context, let result else { return }
      let report = ResultHandle.report(of: result)
      Unmanaged<NoticeSink>.fromOpaque(context).takeUnretainedValue().receive(report)
    }
    PQsetNoticeReceiver(connection, receiver, Unmanaged.passUnretained(self).toOpaque())
  }

  private func receive(_ report: ServerReport) {
    if report.isFatal { fatal = report }
    // A warning is worth more than a notice: it may decide about a COMMIT.
    if reports.count < Self.maximumCount || report.isWarning && reports.count < 2 * Self.maximumCount {
      reports.append(report)
    }
  }

  /// Gives away what was collected since the last time.
  func take() -> [ServerReport] {
    defer { reports = [] }
    return reports
  }
}
