import Ledger
import LedgerStore

/// Reads the parameters of a report, and notes what is wrong with them.
struct ReportQueryReader {
  /// Values of one list at most: more than a page of results has of them.
  static let maximumValues = 200
  /// Seconds since 1970 up to the end of the year 9999.
  static let seconds = 0...Timestamp.maximum.unixSeconds

  let query: QueryParameters
  var faults: [FieldFault]

  /// A reader of a query that may have these parameters: lists come as `a=1&a=2` and as `a[]=1`.
  init(_ text: String?, scalars: [String], lists: [String]) {
    query = QueryParameters(text, maximum: ReportQuery.maximumParameters)
    faults = query.faults(otherThan: scalars + lists + lists.map { "\($0)[]" })
    if query.isCut { fault("query", "must have at most \(ReportQuery.maximumParameters) parameters") }
    for name in query.unreadable { fault(FieldReader.shown(name), "must be UTF-8 in percent encoding") }
    for name in scalars where query.pairs.count(where: { $0.name.hasSameBytes(as: name) }) > 1 {
      fault(name, "must be given once")
    }
  }

  /// Notes a fault, of each field the first.
  mutating func fault(_ field: String, _ message: String) {
    guard !faults.contains(where: { $0.field.hasSameBytes(as: field) }) else { return }
    faults.append(FieldFault(field, message))
  }

  /// The text of a parameter.
  func scalar(_ name: String) -> String? {
    query[name]
  }

  /// A moment in Unix seconds.
  mutating func second(_ name: String, in seconds: ClosedRange<Int64> = seconds) -> Timestamp? {
    guard let text = query[name] else { return nil }
    guard let second = RecordQuery.wholeNumber(text).map(Int64.init), seconds.contains(second) else {
      fault(
        name,
        "must be a time in Unix seconds (not milliseconds), a whole number from \(seconds.lowerBound) to "
          + "\(seconds.upperBound)")
      return nil
    }
    return Timestamp(microseconds: second * Timestamp.microsecondsPerSecond)
  }

  /// A whole number.
  mutating func number(_ name: String, in range: ClosedRange<Int>) -> Int? {
    guard let text = query[name] else { return nil }
    guard let number = RecordQuery.wholeNumber(text), range.contains(number) else {
      fault(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return number
  }

  /// One of some words.
  mutating func word<Word: RawRepresentable<String>>(_ name: String, of words: [Word]) -> Word? {
    guard let text = query[name] else { return nil }
    return word(text, name, words)
  }

  /// Some of some words.
  mutating func words<Word: RawRepresentable<String>>(_ name: String, of words: [Word]) -> [Word]? {
    guard let texts = list(name) else { return nil }
    return texts.compactMap { word($0, name, words) }
  }

  /// The values of a list; nil where it is not there.
  mutating func list(_ name: String) -> [String]? {
    let values = query.pairs.filter { $0.name.hasSameBytes(as: name) || $0.name.hasSameBytes(as: "\(name)[]") }
      .map(\.value)
    if values.contains("") { fault(name, "must not have an empty value") }
    if values.count > Self.maximumValues { fault(name, "must have at most \(Self.maximumValues) values") }
    return values.isEmpty ? nil : values
  }

  /// Ids of a list.
  mutating func ids<Kind>(_ name: String, _ what: String) -> [Identifier<Kind>]? {
    guard let texts = list(name) else { return nil }
    let ids = texts.compactMap { Identifier<Kind>($0) }
    if ids.count < texts.count { fault(name, "must be ids of \(what), UUIDs") }
    return ids
  }

  /// Everything that a report is narrowed by.
  mutating func filters(_ report: ReportKind) -> ReportFilters {
    var filters = ReportFilters()
    filters.projects = ids("project_ids", "teams")
    filters.users = list("user_ids")
    filters.keys = ids("api_key_ids", "keys")
    filters.models = list("models")
    filters.sizes = list("sizes")
    filters.qualities = list("qualities")
    filters.sources = list("sources")
    if let sources = filters.sources, !sources.allSatisfy(ReportDimension.sources.contains) {
      fault("sources", "must be some of \(ReportDimension.sources.joined(separator: ", "))")
    }
    if report == .costs { filters.lineItems = list("line_items")?.compactMap { LineItem($0) } }
    return filters
  }

  private mutating func word<Word: RawRepresentable<String>>(_ text: String, _ name: String, _ words: [Word]) -> Word? {
    let word = words.first { $0.rawValue.hasSameBytes(as: text) }
    if word == nil { fault(name, "must be one of \(words.map(\.rawValue).joined(separator: ", "))") }
    return word
  }
}
