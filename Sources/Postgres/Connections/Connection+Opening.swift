import CLibPQ
import Glibc
package import Logging

extension Connection {
  /// Connects to the first host that answers and is of the wanted kind.
  /// - Parameters:
  ///   - settings: where to and how.
  ///   - logger: gets a line when a connection opens, and when it is closed after an error.
  /// - Throws: `settings`; `connectionFailed` with what libpq says about the last host; `timedOut`; `cancelled`. Nothing was sent.
  package static func open(_ settings: ConnectionSettings, logger: Logger) async throws(PostgresError) -> Connection {
    try settings.validate()
    _ = ClientLibrary.outlivesExit
    let connection = Connection(thread: try ConnectionThread.start(), logger: logger)
    let opened = await withTaskCancellationHandler {
      await connection.connect(settings)
    } onCancel: {
      connection.terminate()
    }
    try opened.get()
    return connection
  }

  private func connect(_ settings: ConnectionSettings) -> Result<Void, PostgresError> {
    var last = PostgresError(.connectionFailed, outcome: .notSent, reason: "no host")
    // One host after the other, each with its own deadline: libpq on its own would spend all of it on one that never answers.
    for host in settings.hosts {
      do throws(PostgresError) {
        let handle = try connect(settings, host)
        thread.watch(PQsocket(handle)) { [weak self] in
          self?.assumeIsolated { $0.readWhileIdle() }
        }
        adopt(handle)
        logger.debug(
          "connection opened",
          metadata: ["host": "\(host)", "database": "\(settings.database)", "backend": "\(PQbackendPID(handle))"])
        return .success(())
      } catch {
        last = error
        if error.code == .cancelled { break }
      }
    }
    return .failure(last)
  }

  private func connect(_ settings: ConnectionSettings, _ host: ConnectionSettings.Host) throws(PostgresError)
    -> OpaquePointer
  {
    let deadline = ContinuousClock.now + settings.connectTimeout
    guard let handle = Self.start(settings.keywords(for: host)) else {
      throw PostgresError(.connectionFailed, outcome: .notSent, reason: "out of memory")
    }
    notices.attach(to: handle)
    do {
      try finishConnecting(handle, host, deadline)
    } catch {
      PQfinish(handle)
      throw error
    }
    return handle
  }

  private func finishConnecting(
    _ handle: OpaquePointer, _ host: ConnectionSettings.Host, _ deadline: ContinuousClock.Instant
  ) throws(PostgresError) {
    var next = PQstatus(handle) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
    while next == PGRES_POLLING_READING || next == PGRES_POLLING_WRITING {
      // The socket changes when a name has several addresses.
      let writing = next == PGRES_POLLING_WRITING
      switch thread.wait(for: PQsocket(handle), writable: writing, readable: !writing, until: deadline) {
      case .ready: next = PQconnectPoll(handle)
      case .timedOut: throw PostgresError(.timedOut, outcome: .notSent, reason: "connecting to \(host) took too long")
      case .terminated: throw PostgresError(.cancelled, outcome: .notSent, reason: "connecting was given up")
      }
    }
    guard next == PGRES_POLLING_OK, PQsetnonblocking(handle, 1) == 0, PQenterPipelineMode(handle) == 1 else {
      let reason = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
      throw PostgresError(.connectionFailed, outcome: .notSent, reason: reason.trimmingLineEnd)
    }
  }

  private static func start(_ keywords: [(keyword: String, value: String)]) -> OpaquePointer? {
    Environment.clear()
    var names = keywords.map { strdup($0.keyword).map { UnsafePointer($0) } } + [nil]
    var values = keywords.map { strdup($0.value).map { UnsafePointer($0) } } + [nil]
    defer { for text in names + values { free(UnsafeMutablePointer(mutating: text)) } }
    return PQconnectStartParams(&names, &values, 0)
  }
}

extension String {
  /// libpq ends its messages with a line feed.
  var trimmingLineEnd: String {
    utf8.last == UInt8(ascii: "\n") ? String(decoding: utf8.dropLast(), as: UTF8.self) : self
  }
}
