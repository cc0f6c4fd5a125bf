import Ledger

/// A line of a log with its place.
struct StoredLine: Sendable, Hashable {
  var place: Int64
  var line: [UInt8]
}

/// Looks for the lines that one page of an audit list shows. It does no I/O: it says which places to look at, and is given
/// what stands there.
struct AuditSearch: Sendable {
  let filter: AuditEntryFilter
  /// The actions that are looked for.
  let actions: Set<Action>
  /// The same as they stand in lines; nil: whoever it was.
  let actors: Set<String>?
  /// Ids that lines name; nil: whatever they name.
  let resources: Set<UInt128>?
  /// Whether it goes from older lines to younger ones.
  let goesUp: Bool
  /// The first place that is looked at.
  private(set) var low: Int64
  /// The place behind the last one that is looked at.
  private(set) var high: Int64
  private var found: [AuditEntry] = []
  private var stoppedAt: Int64?

  /// A search in a log, with the members and keys that the filter's names stand for.
  init(_ filter: AuditEntryFilter, _ named: [NamedMember], in log: ListedLog) {
    self.filter = filter
    actions = filter.actions ?? Set(Action.allCases.filter { !$0.isOfEdit })
    actors = filter.actors.map { Self.actors(of: $0, named) }
    resources = filter.resources.map { Self.resources(of: $0, named) }
    goesUp = filter.before != nil && filter.after == nil
    low = max(log.base + log.prunedBefore, filter.before.map { $0 + 1 } ?? 0)
    high = min(log.base + log.state.size, filter.after ?? .max)
  }

  /// Whether lines of edits are looked for, which no index finds.
  var isOfEdits: Bool { actions.contains(where: \.isOfEdit) }

  /// Whether lines are passed over that the table has: how many no index tells.
  var passesOver: Bool { actors != nil || resources != nil }

  /// How many entries are still looked for.
  var missing: Int { wanted - found.count }

  /// One more than is shown tells whether there are more.
  var wanted: Int { filter.limit + 1 }

  /// Leaves out lines before one place, and from another on.
  mutating func narrow(from first: Int64?, until end: Int64?) {
    if let first { low = max(low, first) }
    if let end { high = min(high, end) }
  }

  /// The next places to look at; nil: there are no more, or enough was found.
  func nextWindow(of count: Int64) -> Range<Int64>? {
    guard low < high, found.count < wanted else { return nil }
    let length = min(count, high - low)
    return goesUp ? low..<low + length : high - length..<high
  }

  /// Takes in the lines of a window, in their order.
  mutating func take(looked lines: [StoredLine], in window: Range<Int64>) {
    if goesUp { low = window.upperBound } else { high = window.lowerBound }
    let words = Set(actions.map { Array($0.rawValue.utf8) })
    let passing = lines.filter { words.contains(Self.action(of: $0.line)) }
    for line in goesUp ? passing : passing.reversed() {
      guard found.count < wanted else { return }
      if let entry = entry(line), lets(entry) { found.append(entry) }
    }
  }

  /// Takes in the lines of a window that the table named, in the order in which it goes.
  mutating func take(_ lines: [StoredLine], in window: Range<Int64>) {
    if goesUp { low = window.upperBound } else { high = window.lowerBound }
    found += lines.compactMap { entry($0) }
  }

  /// Notes that there is no time to look on.
  mutating func stop() {
    guard low < high, found.count < wanted else { return }
    stoppedAt = goesUp ? low - 1 : high
  }

  /// The page.
  func page(asOf position: UsagePosition, firstIndex: Int64) -> AuditEntryPage {
    let shown = Array(found.prefix(filter.limit))
    return AuditEntryPage(
      entries: goesUp ? shown.reversed() : shown, hasMore: found.count > filter.limit || stoppedAt != nil,
      asOf: position, firstIndex: firstIndex, stoppedAt: stoppedAt)
  }

  private func entry(_ line: StoredLine) -> AuditEntry? {
    guard let (header, event) = try? Line.parse(line.line) else { return nil }
    return AuditEntry(place: line.place, line: line.line, header: header, action: event.action)
  }

  private func lets(_ entry: AuditEntry) -> Bool {
    if let from = filter.from, entry.header.at < from { return false }
    if let until = filter.until, entry.header.at >= until { return false }
    if let actors, !actors.contains(entry.header.actor.text) { return false }
    guard let resources else { return true }
    return !resources.isDisjoint(with: LaneWrites.AdministrativeLine.ids(in: entry.line))
  }

  /// What stands behind `{"action":"` in a line: it is first in each.
  private static func action(of line: [UInt8]) -> [UInt8] {
    let prefix = Array(#"{"action":""#.utf8)
    guard line.starts(with: prefix) else { return [] }
    return Array(line.dropFirst(prefix.count).prefix { $0 != UInt8(ascii: "\"") })
  }

  private static func actors(of names: [String], _ named: [NamedMember]) -> Set<String> {
    var actors: Set<String> = []
    for name in names {
      if name == Actor.system.text || name == Actor.operator.text { actors.insert(name) }
      if let key = KeyID(name) { actors.insert(Actor.key(key).text) }
      for member in named where member.isNamed(name) { if let key = member.key { actors.insert(Actor.key(key).text) } }
    }
    return actors
  }

  private static func resources(of names: [String], _ named: [NamedMember]) -> Set<UInt128> {
    var ids = Set(names.compactMap { NoteID($0)?.bits })
    for name in names { for member in named where member.isNamed(name) { ids.insert(member.member.bits) } }
    return ids
  }
}

/// A member that a filter names, with one of its keys.
struct NamedMember: Sendable, Hashable {
  var member: MemberID
  var userID: String
  /// nil: it has none.
  var key: KeyID?

  /// Whether `name` is its user id or its id.
  func isNamed(_ name: String) -> Bool {
    userID.utf8.elementsEqual(name.utf8) || MemberID(name) == member
  }
}
