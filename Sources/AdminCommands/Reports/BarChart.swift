import Foundation

/// Bars in a terminal, one below the other, and the number behind each. Plain text; a terminal that shows colours gets one.
package struct BarChart: Sendable {
  /// One bar.
  package struct Bar: Hashable, Sendable {
    /// What it is of.
    package var label: String
    /// How long it is.
    package var value: Int64

    /// A bar of `value`.
    package init(label: String, value: Int64) {
      self.label = label
      self.value = value
    }
  }

  /// Characters of the longest bar.
  static let width = 40
  private static let full = "█"
  /// Eighths of a character, from one to seven.
  private static let parts = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]
  private static let colour = (on: "\u{1B}[36m", off: "\u{1B}[0m")

  private let bars: [Bar]
  private let isColoured: Bool

  /// A chart of these bars, for a terminal that shows colours or for anything else.
  package init(bars: [Bar], isColoured: Bool) {
    self.bars = bars
    self.isColoured = isColoured
  }

  /// Whether standard output is a terminal whose user wants colours (https://no-color.org).
  static var terminalHasColours: Bool {
    let environment = ProcessInfo.processInfo.environment
    return isatty(STDOUT_FILENO) == 1 && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }

  /// The lines. Bars are to scale, the longest as long as may be; one of less than nothing has no length, and one of
  /// more than nothing has some.
  package var lines: [String] {
    let labels = bars.map { TextTable.printable($0.label) }
    let numbers = bars.map { String($0.value) }
    let labelWidth = labels.map(\.count).max() ?? 0
    let numberWidth = numbers.map(\.count).max() ?? 0
    let largest = bars.map(\.value).max() ?? 0
    return bars.indices.map { position in
      let bar = Self.bar(bars[position].value, of: largest)
      let shown = isColoured && !bar.isEmpty ? Self.colour.on + bar + Self.colour.off : bar
      return labels[position].padded(to: labelWidth) + "  " + shown
        + String(repeating: " ", count: Self.width - bar.count) + "  "
        + String(repeating: " ", count: numberWidth - numbers[position].count) + numbers[position]
    }
  }

  private static func bar(_ value: Int64, of largest: Int64) -> String {
    guard value > 0, largest > 0 else { return "" }
    // Sums of credits may be too large to be multiplied in 64 bits.
    let eighths = max(1, Int(Int128(value) * Int128(8 * width) / Int128(largest)))
    return String(repeating: full, count: eighths / 8) + (eighths % 8 == 0 ? "" : parts[eighths % 8 - 1])
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
