import Ledger
import LedgerStore
import NIOCore

/// How the results of a report are written: a result is the texts of its group, each of which is put together once, and between them
/// the numbers.
struct ReportResultTemplate: Sendable {
  /// A number of a result.
  fileprivate enum Number {
    case images, requests, refused, failed, credits, amount
  }

  /// What differs from group to group.
  fileprivate enum Value {
    case lineItem, user, key, model, quality, size
  }

  /// What a result is made of.
  fileprivate enum Piece {
    case text(String)
    case value(Value)
    case number(Number)
  }

  /// The longest number: an amount of the most credits, with its sign.
  private static let longestNumber = 32

  private var numbers: [Number] = []
  /// The bytes of all texts, one behind the other.
  private var bytes: [UInt8] = []
  /// Where the texts of each group stand: one before each number, and one behind the last.
  private var texts: [Range<Int>] = []
  /// The most bytes of a result of each group, a comma among them.
  private var sizes: [Int] = []

  /// The template of a report of `team` that is grouped so and has these groups.
  init(_ report: ReportKind, grouping: Set<ReportDimension>, team: TeamID, labels: [OrderedUsage.Label]) {
    let fields = Self.counts(of: report, grouping) + Self.dimensions(grouping, team)
    var parts: [[Piece]] = [[.text("{")]]
    for (place, field) in fields.enumerated() {
      parts[numbers.count].append(.text("\(place > 0 ? "," : "")\"\(field.name)\":"))
      for piece in field.pieces {
        if case .number(let number) = piece {
          numbers.append(number)
          parts.append([])
        } else {
          parts[numbers.count].append(piece)
        }
      }
    }
    parts[numbers.count].append(.text("}"))
    write(parts, of: labels)
  }

  private mutating func write(_ parts: [[Piece]], of labels: [OrderedUsage.Label]) {
    var writer = JSONWriter()
    var known = [Range<Int>?](repeating: nil, count: parts.count)
    texts.reserveCapacity(labels.count * parts.count)
    for label in labels {
      var size = 1 + numbers.count * Self.longestNumber
      for (place, part) in parts.enumerated() {
        let start = writer.bytes.count
        let text = known[place] ?? writer.write(part, of: label)
        // A text without anything of the group is the same for all of them.
        if start < writer.bytes.count, !part.contains(where: \.isOfGroup) { known[place] = text }
        texts.append(text)
        size += text.count
      }
      sizes.append(size)
    }
    bytes = writer.bytes
  }

  /// The bytes of the results of one bucket, with the commas between them.
  func count(of cells: [UsageReport.Cell]) -> Int {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.longestNumber) { scratch in
      guard let start = scratch.baseAddress else { return 0 }
      var count = max(0, cells.count - 1)
      for cell in cells {
        count += sizes[cell.group] - 1 - numbers.count * Self.longestNumber
        for number in numbers {
          var end = start
          end.put(number, of: cell.counts)
          count += end - start
        }
      }
      return count
    }
  }

  /// Writes as many results of one bucket as there is room for, one at least.
  /// - Parameter first: the first one that is not written yet.
  /// - Returns: how many.
  func write(_ cells: [UsageReport.Cell], from first: Int, to buffer: inout ByteBuffer) -> Int {
    var (next, size) = (first, 0)
    while next < cells.count, next == first || size + sizes[cells[next].group] <= buffer.writableBytes {
      size += sizes[cells[next].group]
      next += 1
    }
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { place in
      guard let start = place.bindMemory(to: UInt8.self).baseAddress else { return 0 }
      var end = start
      bytes.withUnsafeBufferPointer { bytes in
        guard let bytes = bytes.baseAddress else { return }
        for cell in cells[first..<next] {
          if end > start || first > 0 { end.put(UInt8(ascii: ",")) }
          var text = cell.group * (numbers.count + 1)
          for number in numbers {
            end.put(bytes, texts[text])
            end.put(number, of: cell.counts)
            text += 1
          }
          end.put(bytes, texts[text])
        }
      }
      return end - start
    }
    return next - first
  }
}

extension ReportResultTemplate {
  /// A field: pieces behind its name.
  private struct Field {
    var name: String
    var pieces: [Piece]
  }

  private static func counts(of report: ReportKind, _ grouping: Set<ReportDimension>) -> [Field] {
    switch report {
    case .usage:
      [
        text("object", #""organization.usage.images.result""#), number("images", .images),
        number("num_model_requests", .requests), number("num_refused", .refused), number("num_failed", .failed),
        number("credits", .credits),
      ]
    case .costs:
      [
        text("object", #""organization.costs.result""#),
        Field(
          name: "amount",
          pieces: [.text(#"{"value":"#), .number(.amount), .text(#","currency":"\#(CostAmount.currency)"}"#)]),
        value("line_item", grouping.contains(.lineItem), .lineItem), number("credits", .credits),
      ]
    }
  }

  /// The dimensions that both reports have; null where they are not grouped by.
  private static func dimensions(_ grouping: Set<ReportDimension>, _ team: TeamID) -> [Field] {
    [
      value("size", grouping.contains(.size), .size),
      text("source", grouping.contains(.source) ? "\"\(ReportDimension.onlySource)\"" : "null"),
      text("project_id", grouping.contains(.project) ? "\"\(team)\"" : "null"),
      value("user_id", grouping.contains(.user), .user), value("api_key_id", grouping.contains(.key), .key),
      value("model", grouping.contains(.model), .model), value("quality", grouping.contains(.quality), .quality),
    ]
  }

  private static func text(_ name: String, _ text: String) -> Field { Field(name: name, pieces: [.text(text)]) }

  private static func number(_ name: String, _ number: Number) -> Field {
    Field(name: name, pieces: [.number(number)])
  }

  private static func value(_ name: String, _ isThere: Bool, _ value: Value) -> Field {
    Field(name: name, pieces: [isThere ? .value(value) : .text("null")])
  }
}

extension ReportResultTemplate.Piece {
  /// Whether it differs from group to group.
  fileprivate var isOfGroup: Bool { if case .value = self { true } else { false } }
}

extension OrderedUsage.Label {
  /// What stands for it in a result; nil: null.
  fileprivate func text(of value: ReportResultTemplate.Value) -> String? {
    switch value {
    case .lineItem: lineItem?.text
    case .user: user
    case .key: group.key?.description
    case .model: group.model
    case .quality: group.quality
    case .size: group.size
    }
  }
}

extension JSONWriter {
  /// Writes pieces without numbers, and tells where they stand.
  fileprivate mutating func write(_ part: [ReportResultTemplate.Piece], of label: OrderedUsage.Label) -> Range<Int> {
    let start = bytes.count
    for piece in part {
      switch piece {
      case .text(let text): fragment(text)
      case .value(let value):
        if let text = label.text(of: value) { string(text) } else { null() }
        fragment("")
      case .number: break
      }
    }
    return start..<bytes.count
  }
}

extension UnsafeMutablePointer<UInt8> {
  /// Writes a byte, and goes on behind it.
  fileprivate mutating func put(_ byte: UInt8) {
    pointee = byte
    self += 1
  }

  /// Writes a part of some bytes, and goes on behind it.
  fileprivate mutating func put(_ bytes: UnsafePointer<UInt8>, _ range: Range<Int>) {
    update(from: bytes + range.lowerBound, count: range.count)
    self += range.count
  }

  /// Writes a number of a result, and goes on behind it.
  fileprivate mutating func put(_ number: ReportResultTemplate.Number, of counts: UsageCounts) {
    switch number {
    case .images: put(counts.images)
    case .requests: put(counts.settled)
    case .refused: put(counts.refused)
    case .failed: put(counts.released)
    case .credits: put(counts.credits)
    case .amount:
      var text = CostAmount.text(counts.credits)
      text.withUTF8 { text in
        guard let first = text.baseAddress else { return }
        put(first, 0..<text.count)
      }
    }
  }

  private mutating func put(_ number: Int64) {
    if number < 0 { put(UInt8(ascii: "-")) }
    self += DecimalDigits.write(number.magnitude, to: self)
  }
}
