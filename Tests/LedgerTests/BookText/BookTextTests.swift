import Foundation
import Ledger
import Testing

/// The text of a book says all that its future depends on, and has one form only.
struct BookTextTests {
  private static func golden() throws -> [UInt8] {
    let file = Bundle.module.resourceURL?.appending(path: "Golden/book.json")
    guard let file else { throw CocoaError(.fileNoSuchFile) }
    return [UInt8](try Data(contentsOf: file))
  }

  /// A team with each kind of row: an edit that is held, one in doubt, one that is settled, one that is refused.
  private static func team() throws -> TestTeam {
    var team = try TestTeam(teamLimit: 150_000, memberLimit: 140_000, keyLimit: 130_000)
    try team.hold(.one)
    try team.hold(.two)
    try team.hold(.three)
    try team.settle(.one)
    try team.run(.markInDoubt(MarkInDoubtCommand(record: .two, cause: .timedOut)))
    try team.hold(RecordID(bits: 4), n: 4)
    try team.run(.changeMember(ChangeMemberCommand(member: .ada, limit: .set(Credits(5)))))
    try team.run(.rotateKey(RotateKeyCommand(key: .first, newKey: .second, overlapSeconds: 5)))
    try team.run(.revokeKey(RevokeKeyCommand(key: .second)))
    return team
  }

  @Test func theTextIsWrittenAsItAlwaysWas() throws {
    let text = BookText.write(try Self.team().book)
    #expect(text == (try Self.golden()), "the text is now\n\(String(decoding: text, as: UTF8.self))")
  }

  @Test func theDigestIsTheHashOfTheText() throws {
    let book = try Self.team().book
    #expect(BookText.digest(of: book) == BookText.digest(of: try Self.golden()))
    // sha256sum of the golden file.
    #expect("\(BookText.digest(of: book))" == "3602b911c1da12964fb643eb91ee22ef7b312aa46a61a322ca8b7b90d1771759")
    #expect(
      "\(BookText.digest(of: Array("abc".utf8)))"
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test func whatIsReadIsTheBookWithoutItsResolvedEdits() throws {
    var book = try Self.team().book
    let read = try BookText.read(BookText.write(book))
    #expect(read.records.keys.sorted() == [.two, .three])
    book.forgetResolved()
    #expect(read == book)
    #expect(read.checkInvariants() == [])
  }

  @Test func haltingATeamDoesNotChangeItsBooks() throws {
    var book = try Self.team().book
    let text = BookText.write(book)
    book.team.isHalted = true
    #expect(BookText.write(book) == text)
  }

  @Test func allThatTheFutureDependsOnChangesTheText() throws {
    let book = try Self.team().book
    let changes: [(inout TeamBook) -> Void] = [
      { $0.origin = "elsewhere" }, { $0.logSize += 1 }, { $0.forgottenBefore = $0.logSize + 1 },
      { $0.lastAt = $0.lastAt.adding(seconds: 1) }, { $0.team.status = .suspended },
      { $0.team.limit = nil }, { $0.team.period = .total }, { $0.team.timeZone = "Etc/GMT+5" },
      { $0.team.inDoubtChargeAfterSeconds = nil }, { $0.team.isOnLegalHold = true },
      { $0.team.closedThrough = .epoch }, { $0.members[.ada]?.role = .admin }, { $0.members[.ada]?.limit = nil },
      { $0.members[.ada]?.period = .total }, { $0.members[.ada]?.status = .suspended },
      { $0.members[.bob] = MemberState(id: .bob) }, { $0.keys[.first]?.limit = nil },
      { $0.keys[.first]?.period = .month }, { $0.keys[.first]?.scopes = [.admin] },
      { $0.keys[.first]?.expiresAt = nil }, { $0.keys[.second]?.revokedAt = nil },
      { $0.keys[.first]?.ratePerMinute = 7 }, { $0.keys[.second]?.budgetSubject = .second },
      { $0.keys[.first]?.member = .bob }, { $0.records[.two]?.state = .held }, { $0.records[.three] = nil },
      { $0.records[.three]?.held = Credits(1) }, { $0.records[.three]?.unitPrice = Credits(1) },
      { $0.records[.three]?.n = 2 }, { $0.records[.three]?.openedIndex = 1 },
      { $0.records[.three]?.budgets.removeLast() }, { $0.records[.three]?.heldAt = .epoch },
      { $0.records[.three]?.priceVersion = 9 }, { $0.records[.three]?.instance = InstanceID(bits: 1) },
    ]
    let text = BookText.write(book)
    for (position, change) in changes.enumerated() {
      var changed = book
      change(&changed)
      #expect(changed != book, "change \(position)")
      #expect(BookText.write(changed) != text, "change \(position)")
    }
    for id in book.budgets.keys {
      let rows: [(inout Budget) -> Void] = [
        { $0.used = Credits(1) }, { $0.held = Credits(1) }, { $0.limit = Credits(1) }, { $0.isOverLimit.toggle() },
        { $0.end = .epoch },
      ]
      for change in rows {
        var changed = book
        var row = try #require(book.budgets[id])
        change(&row)
        changed.budgets[id] = row
        #expect(BookText.write(changed) != text)
      }
    }
  }

  @Test func keysAreSortedBytewiseAndNoByteIsWasted() throws {
    let text = try Self.golden()
    #expect(!text.contains { $0 <= 0x20 || $0 >= 0x7F || $0 == UInt8(ascii: "\\") })
    let object = try JSONSerialization.jsonObject(with: Data(text))
    let sorted = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
    #expect([UInt8](sorted) == text)
  }

  @Test(arguments: ["budgets", "keys", "records"])
  func rowsInAnyOtherOrderOrTwiceAreRefused(list: String) throws {
    let object = try JSONSerialization.jsonObject(with: Data(try Self.golden()))
    let book = try #require(object as? [String: Any])
    let rows = try #require(book[list] as? [Any])
    try #require(rows.count > 1)
    for changed in [Array(rows.reversed()), [rows[0]] + rows] {
      let other = book.merging([list: changed]) { $1 }
      let text = try JSONSerialization.data(withJSONObject: other, options: [.sortedKeys, .withoutEscapingSlashes])
      #expect(throws: LineError.self) { try BookText.read([UInt8](text)) }
    }
  }

  @Test(arguments: [
    ("\"state\":\"held\"", "\"state\":\"settled\""), ("\"v\":1}", "\"v\":2}"), ("\"v\":1}", "\"v\":1}\n"),
    ("\"v\":1}", "\"v\":1,\"w\":1}"), ("{\"budgets\"", " {\"budgets\""),
    ("\"forgottenBefore\":1", "\"forgottenBefore\":0"),
    ("\"n\":1", "\"n\":1.0"), ("\"overLimit\":false", "\"overLimit\":0"), ("\"legalHold\":false", "\"legalHold\":null"),
    ("\"size\":1", "\"size\":9"),
  ])
  func otherBytesAreRefused(part: String, replacement: String) throws {
    let text = String(decoding: try Self.golden(), as: UTF8.self)
    let changed = text.replacingOccurrences(of: part, with: replacement, options: .literal)
    #expect(changed != text)
    #expect(throws: LineError.self) { try BookText.read(Array(changed.utf8)) }
  }

  @Test func noBeginningOfATextIsAText() throws {
    let text = try Self.golden()
    for count in 0..<text.count where (try? BookText.read(Array(text.prefix(count)))) != nil {
      Issue.record("\(count) bytes were taken")
      return
    }
  }

  /// Whatever the reader takes, it is the only form of what it read.
  @Test func whateverIsTakenIsWrittenTheSame() throws {
    var generator = SeededGenerator(seed: testSeed)
    let alphabet = Array(#""\{}[]:,. -+0129afAFZTnulltrue"#.utf8) + [0, 10, 127, 200]
    let text = try Self.golden()
    for _ in 0..<20_000 {
      var changed = text
      let position = Int.random(in: changed.indices, using: &generator)
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: changed[position] = alphabet.randomElement(using: &generator)!
      case 1: changed.insert(alphabet.randomElement(using: &generator)!, at: position)
      default: changed.remove(at: position)
      }
      guard let book = try? BookText.read(changed) else { continue }
      #expect(BookText.write(book) == changed, "seed \(testSeed)")
    }
  }
}
