/// The text format of Prometheus, version 0.0.4.
enum PrometheusText {
  /// The labels of everything beyond the bound of series.
  static let overflowLabels = #"overflow="true""#

  /// A metric's name: letters, digits, `_` and `:` only, with `suffix` at its end.
  static func name(_ label: String, suffix: String = "") -> String {
    let name = sanitised(label, alsoAllowed: UInt8(ascii: ":"))
    return name.hasSuffix(suffix) ? name : name + suffix
  }

  /// Labels as they are written between the braces, sorted by name.
  static func labels(_ dimensions: [(String, String)]) -> String {
    dimensions
      .map { (sanitised($0.0, alsoAllowed: UInt8(ascii: "_")), escaped($0.1)) }
      .sorted { $0.0 < $1.0 }
      .map { "\($0.0)=\"\($0.1)\"" }
      .joined(separator: ",")
  }

  /// All families, sorted.
  static func write(_ families: [String: PrometheusRegistry.Family]) -> String {
    var text = ""
    for (name, family) in families.sorted(by: { $0.key < $1.key }) {
      text += "# TYPE \(name) \(family.kind.rawValue)\n"
      for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
        switch series {
        case .counter(let counter): text += line(name, labels, "\(counter.current)")
        case .gauge(let gauge): text += line(name, labels, number(gauge.current))
        case .histogram(let histogram): text += lines(name, labels, histogram)
        }
      }
    }
    return text
  }

  private static func lines(_ name: String, _ labels: String, _ histogram: HistogramSeries) -> String {
    let reading = histogram.current
    let separator = labels.isEmpty ? "" : ","
    var text = ""
    var count: Int64 = 0
    for (position, bucket) in reading.counts.enumerated() {
      count += bucket
      let bound = position < histogram.bounds.count ? number(histogram.bounds[position]) : "+Inf"
      text += line(name + "_bucket", "\(labels)\(separator)le=\"\(bound)\"", "\(count)")
    }
    return text + line(name + "_sum", labels, number(reading.sum)) + line(name + "_count", labels, "\(count)")
  }

  private static func line(_ name: String, _ labels: String, _ value: String) -> String {
    labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
  }

  /// Whole numbers without a fraction; infinities and what is no number as Prometheus writes them.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if let whole = Int64(exactly: value) { return "\(whole)" }
    return "\(value)"
  }

  private static func sanitised(_ text: String, alsoAllowed: UInt8) -> String {
    var bytes = text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), alsoAllowed:
        byte
      default: UInt8(ascii: "_")
      }
    }
    if let first = bytes.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) {
      bytes.insert(UInt8(ascii: "_"), at: 0)
    }
    return bytes.isEmpty ? "_" : String(decoding: bytes, as: UTF8.self)
  }

  private static func escaped(_ text: String) -> String {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"), UInt8(ascii: "\""): bytes += [UInt8(ascii: "\\"), byte]
      case 0x0A: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
