import CLibPQ
import Logging

extension Connection {
  /// Sends everything that libpq has buffered, reading meanwhile: else both sides could wait for the other to read.
  func flush(_ handle: OpaquePointer, until deadline: ContinuousClock.Instant) throws(PostgresError) {
    while true {
      switch PQflush(handle) {
      case 0: return
      case 1:
        if try wait(handle, writable: true, until: deadline) { _ = try consume(handle) }
      default: return  // The reason may already have arrived: it is read with the results.
      }
    }
  }

  /// The next result, nil between two statements.
  func nextResult(_ handle: OpaquePointer, until deadline: ContinuousClock.Instant) throws(PostgresError)
    -> ResultHandle?
  {
    while PQisBusy(handle) == 1 {
      _ = try wait(handle, until: deadline)
      // After a loss libpq still has what the server said last, and makes an error of the rest.
      guard try consume(handle) else { break }
    }
    guard let pointer = PQgetResult(handle) else { return nil }
    let result = ResultHandle(pointer: pointer)
    answerSize.hold(result.memoryBytes)
    try checkSize()
    return result
  }

  /// Reads what has arrived.
  /// - Returns: whether the connection still stands.
  func consume(_ handle: OpaquePointer) throws(PostgresError) -> Bool {
    let waiting = Int(clibpq_bytes_waiting(PQsocket(handle)))
    let stands = PQconsumeInput(handle) == 1
    // A read that found less than libpq's buffer takes has left nothing that was there before.
    let rest = waiting < Self.leastReadBytes ? 0 : Int(clibpq_bytes_waiting(PQsocket(handle)))
    answerSize.arrive(waiting, leaving: rest)
    try checkSize()
    while let notify = PQnotifies(handle) {
      let notification = PostgresNotification(
        channel: String(cString: notify.pointee.relname), payload: String(cString: notify.pointee.extra),
        backendProcessID: notify.pointee.be_pid)
      listener?.yield(notification)
      PQfreemem(notify)
    }
    return stands
  }

  /// libpq makes room for so many bytes at least before it reads.
  private static let leastReadBytes = 8_192

  private func checkSize() throws(PostgresError) {
    guard answerSize.isOverLimit else { return }
    throw closing(
      PostgresError(.tooLarge, outcome: .unknown, reason: "the answer exceeds \(answerSize.limit) bytes"))
  }

  /// Waits for the socket.
  /// - Returns: whether there is something to read.
  func wait(_ handle: OpaquePointer, writable: Bool = false, until deadline: ContinuousClock.Instant)
    throws(PostgresError) -> Bool
  {
    switch thread.wait(for: PQsocket(handle), writable: writable, until: deadline) {
    case .ready(let readable): return readable
    case .timedOut:
      throw closing(PostgresError(.timedOut, outcome: .unknown, reason: "the server did not answer in time"))
    case .terminated:
      throw closing(PostgresError(.cancelled, outcome: .unknown, reason: "the connection was terminated"))
    }
  }

  /// Looks, before the first byte is sent, whether the server has closed the connection meanwhile: then nothing was sent.
  func checkStanding(_ handle: OpaquePointer) throws(PostgresError) {
    answerSize.forget()
    guard isUsable else {
      throw closing(PostgresError(.closed, outcome: .notSent, reason: "the connection was terminated"))
    }
    while clibpq_is_readable(PQsocket(handle)) == 1 {
      guard try consume(handle), PQisBusy(handle) == 0, notices.fatal == nil else { break }
    }
    if PQstatus(handle) == CONNECTION_BAD || notices.fatal != nil {
      throw closing(
        PostgresError(
          .connectionLost, outcome: .notSent, reason: "the server has closed the connection", report: notices.fatal))
    }
  }

  /// Reads what comes without having been asked for: notifications, and the server's farewell.
  func readWhileIdle() {
    guard let handle else { return }
    do {
      try checkStanding(handle)
    } catch {
      logger.debug("the server has closed an idle connection", metadata: ["sqlState": "\(error.sqlState ?? "")"])
    }
  }
}
