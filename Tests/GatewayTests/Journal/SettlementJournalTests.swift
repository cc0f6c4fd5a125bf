import Foundation
import Gateway
import Ledger
import LedgerStore
import Testing

/// The journal keeps what became of an edit until it is booked, and a torn line takes nothing else with it.
@Suite struct SettlementJournalTests {
  private static let run = InstanceID(bits: 0xABC)
  private static let bookings: [Booking] = [
    .settle(
      SettleRequest(
        team: Fixtures.team, record: Fixtures.record, upstreamUUID: "u\u{301}\"\\\n",
        resultKeys: ["images/a b.png", "ü"],
        temporaryURL: "https://example.com/?a=1", responseObject: "{\"a\":[1]}", upstreamCredit: Credits(33_000))),
    .settle(
      SettleRequest(
        team: Fixtures.team, record: Fixtures.record, upstreamUUID: nil, resultKeys: [], temporaryURL: nil)),
    .release(
      ReleaseRequest(
        team: Fixtures.team, record: Fixtures.record, cause: .upstreamRefused, errorCode: "BAD", errorMessage: "no",
        errorStatus: 422, errorDetails: #"{"a":"b"}"#)),
    .doubt(
      InDoubtRequest(team: Fixtures.team, record: Fixtures.record, cause: .timedOut, upstreamUUID: "u")),
    .attach(AttachRequest(team: Fixtures.team, record: Fixtures.record, upstreamUUID: "u")),
  ]

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "tally-journal-\(UInt64.random(in: 0...(.max)))")
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  private func contents(_ folder: String) throws -> [UInt8] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted().flatMap {
      Array(try Data(contentsOf: URL(filePath: "\(folder)/\($0)")))
    }
  }

  private func release(_ bits: UInt128) -> Booking {
    .release(ReleaseRequest(team: Fixtures.team, record: RecordID(bits: bits), cause: .notSent))
  }

  @Test(arguments: bookings) func entryIsReadAsItWasWritten(booking: Booking) throws {
    let line = JournalEntry(booking).line
    let read = try #require(JournalEntry(line: line.dropLast()))
    #expect("\(read.booking)" == "\(booking)")
  }

  @Test func everyTornOrFlippedLineIsLeftOutAloneAndCounted() {
    let (good, bad) = (JournalEntry(Self.bookings[2]).line, JournalEntry(Self.bookings[0]).line)
    for length in 1..<(bad.count - 1) {
      let found = JournalEntry.entries(of: good + bad.prefix(length))
      #expect(found.entries.count == 1 && found.unreadable == 1)
    }
    for position in 0..<(bad.count - 1) {
      var flipped = bad
      flipped[position] ^= 1
      let found = JournalEntry.entries(of: flipped + good)
      #expect(found.entries.count == 1 && found.unreadable >= 1, "byte \(position)")
    }
  }

  @Test func whatIsNotFinishedIsFound() throws {
    try withFolder { folder in
      let journal = try SettlementJournal(folder: folder, instance: Self.run)
      try journal.append(release(1))
      try journal.append(release(2))
      journal.finish(RecordID(bits: 1))
      try journal.secure(RecordID(bits: 2))
      let found = JournalEntry.entries(of: try contents(folder)).entries.map(\.booking.record)
      #expect(found.contains(RecordID(bits: 2)))
    }
  }

  @Test func finishedEntriesTakeNoRoom() throws {
    try withFolder { folder in
      let journal = try SettlementJournal(folder: folder, instance: Self.run, segmentBytes: 500)
      for number in 1...100 {
        try journal.append(release(UInt128(number)))
        if number > 3 { journal.finish(RecordID(bits: UInt128(number - 3))) }
      }
      #expect(try contents(folder).count < 3_000)
      for number in 98...100 { journal.finish(RecordID(bits: UInt128(number))) }
      #expect(try contents(folder).isEmpty)
      #expect(journal.closeIfEmpty() == 0)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }
}
