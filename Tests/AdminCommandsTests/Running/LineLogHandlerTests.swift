import AdminCommands
import Foundation
import Ledger
import Logging
import Testing

/// The lines of the log.
@Suite struct LineLogHandlerTests {
  /// What a logger writes that is told to write by `body`.
  private func lines(_ body: (inout Logger) -> Void) throws -> String {
    let pipe = Pipe()
    var logger = Logger(label: "tally") { label in
      LineLogHandler(
        label: label, descriptor: pipe.fileHandleForWriting.fileDescriptor,
        now: { Timestamp(microseconds: 1_764_072_000_000_001) })
    }
    body(&logger)
    try pipe.fileHandleForWriting.close()
    return String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
  }

  @Test func entryIsOneLineWithItsMetadataInOrder() throws {
    let text = try lines { logger in
      logger[metadataKey: "record"] = "r"
      logger[metadataKey: "a"] = "old"
      logger.info("request", metadata: ["a": "new", "list": ["x", "y"]], source: "Gateway")
    }
    #expect(
      text == "2025-11-25T12:00:00.000001Z info tally: a=new list=[\"x\", \"y\"] record=r [Gateway] request\n")
  }

  @Test func nothingEndsALineBeforeItsEnd() throws {
    let text = try lines { logger in
      logger.error("two\nlines", metadata: ["k": "\u{1B}[2J\r\nforged"], source: "S")
    }
    #expect(text == "2025-11-25T12:00:00.000001Z error tally: k=?[2J??forged [S] two?lines\n")
  }

  @Test func entryBelowTheLevelIsNotWritten() throws {
    let text = try lines { logger in
      logger.logLevel = .warning
      logger.info("request")
    }
    #expect(text.isEmpty)
  }
}
