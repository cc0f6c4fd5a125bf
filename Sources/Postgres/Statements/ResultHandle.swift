import CLibPQ

/// Owns one result of libpq and frees it at the end of its life. It cannot be copied, and it never leaves its connection's thread.
struct ResultHandle: ~Copyable {
  let pointer: OpaquePointer

  deinit { PQclear(pointer) }

  var status: ExecStatusType { PQresultStatus(pointer) }

  var rowCount: Int { Int(PQntuples(pointer)) }

  /// What the result takes in memory, kept by libpq while it reads: the number of rows does not matter.
  var memoryBytes: Int { Int(PQresultMemorySize(pointer)) }

  /// Rows touched or returned, 0 for a statement without any.
  var affectedRows: Int { PQcmdTuples(pointer).flatMap { Int(String(cString: $0)) } ?? 0 }

  /// Whether the command's tag is `COMMIT`: what the server says it did, whatever it was asked.
  var isCommit: Bool { hasTag("COMMIT") }

  /// Whether the command's tag is `ROLLBACK`.
  var isRollback: Bool { hasTag("ROLLBACK") }

  /// The server's report, for an error or a notice.
  var report: ServerReport { Self.report(of: pointer) }

  static func report(of result: OpaquePointer) -> ServerReport {
    ServerReport { letter in
      guard let code = letter.asciiValue, let field = PQresultErrorField(result, Int32(code)) else { return nil }
      return String(cString: field)
    }
  }

  private func hasTag(_ tag: StaticString) -> Bool {
    guard let status = PQcmdStatus(pointer) else { return false }
    return tag.withUTF8Buffer { expected in
      for (offset, byte) in expected.enumerated() where UInt8(bitPattern: status[offset]) != byte { return false }
      return status[expected.count] == 0
    }
  }
}
