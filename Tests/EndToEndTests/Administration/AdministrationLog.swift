import Ledger
import TallyTesting
import Testing

/// Follows a team's log while somebody administers it: each step must leave its lines, with who and why.
struct AdministrationLog {
  let world: World
  let team: String
  /// What the lines name, and what their payloads do.
  var actor: Actor
  var administrator: String
  /// Index of the next line. Not how many there are: some may be pruned.
  private var seen: Int64 = 0

  /// Follows the log from its first line on.
  init(_ world: World, team: String, actor: Actor, administrator: String) {
    self.world = world
    self.team = team
    self.actor = actor
    self.administrator = administrator
  }

  /// Passes over what stands there already.
  mutating func skip() async throws {
    seen = Self.next(try await world.log(of: team))
  }

  /// Expects that the lines since the last step are these, in this order, said by the administrator for `reason`.
  mutating func expect(
    _ what: Comment, reason: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ events: @Sendable (Event) -> Bool...
  ) async throws {
    try await expect(what, reason: reason, sourceLocation: sourceLocation, events)
  }

  /// The same for any number of lines.
  mutating func expect(
    _ what: Comment, reason: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ events: [@Sendable (Event) -> Bool]
  ) async throws {
    let log = try await world.log(of: team)
    let lines = log.filter { $0.header.index >= seen }
    seen = Self.next(log)
    #expect(lines.count == events.count, what, sourceLocation: sourceLocation)
    for (line, isRight) in zip(lines, events) {
      #expect(isRight(line.event), "\(what): \(line.event)", sourceLocation: sourceLocation)
      #expect(line.header.actor == actor, what, sourceLocation: sourceLocation)
      #expect(line.payload["administrator"].string == administrator, what, sourceLocation: sourceLocation)
      #expect(line.payload["reason"].string == reason, what, sourceLocation: sourceLocation)
      // Nothing personal stands in the line itself.
      let text = String(decoding: line.bytes, as: UTF8.self)
      #expect(!text.contains(reason) && !text.contains("user-"), what, sourceLocation: sourceLocation)
    }
  }

  /// Expects that nothing was appended.
  func expectNothing(_ what: Comment, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    #expect(Self.next(try await world.log(of: team)) == seen, what, sourceLocation: sourceLocation)
  }

  private static func next(_ log: [World.LoggedLine]) -> Int64 {
    (log.last?.header.index ?? -1) + 1
  }
}
