import Audit
import Foundation
import Ledger
import Testing

/// Lines that no ledger writes, in a bundle whose hashes were all fixed: 40, with the file and the line.
@Suite("Bad lines")
struct BadLineTests {
  let log: TestLog
  let bundle: TestBundle

  init() throws {
    log = TestLog(try AuditedTeam(seed: 71, lines: 60))
    bundle = try log.export(hasSecrets: false)
  }

  /// What a line of `edit.held` is made.
  enum Change: String, CaseIterable {
    case empty, notJSON, otherJSON, nul, notUTF8, byteOrderMark, carriageReturn, space, otherOrder, double, missing
    case stranger, fraction, leadingZero, negative, tooLarge, escape, unknownAction, unknownVersion, openEnd, longest
    case tooLong, deep, otherIndex, hugeIndex
  }

  private func changed(_ line: [UInt8], _ change: Change) -> [UInt8] {
    func replacing(_ part: String, _ other: String) -> [UInt8] {
      Array(String(decoding: line, as: UTF8.self).replacing(part, with: other, maxReplacements: 1).utf8)
    }
    return switch change {
    case .empty: []
    case .notJSON: Array("{\"action\":\"edit.held\"".utf8)
    case .otherJSON: Array("[]".utf8)
    case .nul: Array(repeating: 0, count: 300)
    case .notUTF8: replacing("edit.held", "edit.hel") + [0xC3, 0x28]
    case .byteOrderMark: [0xEF, 0xBB, 0xBF] + line
    case .carriageReturn: line + [UInt8(ascii: "\r")]
    case .space: replacing("\"v\":1", "\"v\": 1")
    case .otherOrder: replacing("\"v\":1}", "\"action\":\"edit.held\",\"v\":1}")
    case .double: replacing("\"v\":1}", "\"v\":1,\"v\":1}")
    case .missing: replacing(",\"v\":1}", "}")
    case .stranger: replacing("\"v\":1}", "\"v\":1,\"w\":1}")
    case .fraction: replacing("\"v\":1}", "\"v\":1.0}")
    case .leadingZero: replacing("\"v\":1}", "\"v\":01}")
    case .negative: replacing("\"amount\":", "\"amount\":-")
    case .tooLarge: replacing("\"amount\":", "\"amount\":99999999999999999999")
    case .escape: replacing("medium", "med\\u0069um")
    case .unknownAction: replacing("edit.held", "edit.kept")
    case .unknownVersion: replacing("\"v\":1}", "\"v\":2}")
    case .openEnd: line.dropLast()
    case .longest: line + Array(repeating: UInt8(ascii: " "), count: Line.byteCountMaximum - line.count)
    case .tooLong: line + Array(repeating: UInt8(ascii: " "), count: Line.byteCountMaximum + 1 - line.count)
    case .deep: Array(repeating: UInt8(ascii: "["), count: 60_000)
    case .otherIndex: replacing("\"index\":", "\"index\":1")
    case .hugeIndex: replacing("\"index\":", "\"index\":4611686018427387904")
    }
  }

  @Test("A line that breaks the schema is named", arguments: Change.allCases)
  func badLineIsNamed(change: Change) throws {
    var lines = try bundle.lines(BundleFile.lines(1))
    let held = Array("{\"action\":\"edit.held\"".utf8)
    let place = try #require(
      lines.firstIndex { $0.starts(with: held) && $0.firstRange(of: Array("medium".utf8)) != nil })
    let line = changed(lines[place], change)
    #expect(line != lines[place])
    lines[place] = line
    try bundle.write(lines: lines, to: BundleFile.lines(1))
    try bundle.fixHashes()
    let verification = try bundle.verify()
    #expect(verification.verdict == .altered, "\(verification.sentence)")
    #expect(verification.file == BundleFile.lines(1) && verification.index == Int64(place))
    #expect(verification.sentence.contains("\(BundleFile.lines(1)), line \(place),"), "\(verification.sentence)")
  }

  @Test("A last line without its line feed is named, and so is a file without lines")
  func cutFileIsNamed() throws {
    let whole = try bundle.bytes(BundleFile.lines(1))
    let count = try bundle.lines(BundleFile.lines(1)).count
    for (bytes, index) in [(Array(whole.dropLast()), count - 1), (Array(whole.dropLast(40)), count - 1), ([], 0)] {
      try bundle.write(bytes, to: BundleFile.lines(1))
      try bundle.fixHashes()
      let verification = try bundle.verify()
      #expect(verification.verdict == .altered && verification.file == BundleFile.lines(1))
      #expect(verification.index == Int64(index), "\(verification.sentence)")
    }
  }
}
