import Ledger

/// Earlier lines that whoever reads a log brings along, for a pass whose lines are written nowhere.
///
/// Before a stretch of lines is taken it is asked which lines they name, and those are brought.
package final class GivenLines: EarlierLines {
  private var lines: [Int64: [UInt8]] = [:]

  private static let creditStart = Array("{\"action\":\"edit.credited\"".utf8)
  private static let evidenceStart = Array("{\"action\":\"edit.evidence\"".utf8)

  /// None yet.
  package init() {}

  /// Brings these, and forgets those before.
  package func bring(_ lines: [Int64: [UInt8]]) {
    self.lines = lines
  }

  /// The indexes of the lines that `line` names: those of the edit that it credits or proves. Most lines name none.
  package static func named(by line: ArraySlice<UInt8>) -> [Int64] {
    guard mayName(line), let event = try? Line.parse(Array(line)).1 else { return [] }
    switch event {
    case .credited(let event): return [event.hold, event.settlement]
    case .evidence(let event): return [event.hold, event.settlement]
    default: return []
    }
  }

  /// Whether a line is of a kind that names others.
  static func mayName(_ line: ArraySlice<UInt8>) -> Bool {
    line.starts(with: creditStart) || line.starts(with: evidenceStart)
  }

  func note(_ name: String, offset: Int64, isFirst: Bool) {}

  func line(at index: Int64) -> [UInt8]? { lines[index] }
}
