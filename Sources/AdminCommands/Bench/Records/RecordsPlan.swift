package import Ledger

/// How `tally bench records` spreads edits over teams, members, days and choices: unevenly, as in life.
package struct RecordsPlan: Sendable, Hashable {
  /// One team's part.
  package struct Share: Sendable, Hashable {
    /// 0: the largest team.
    package var rank: Int
    package var edits: Int
    package var members: Int
    /// IANA name of the zone in which the team's months begin.
    package var timeZone: String
    /// Seconds that its working hours lie before those of UTC.
    package var secondsAhead: Int64
  }

  /// Where the teams are, and by how many hours their clocks are ahead in winter.
  private static let zones: [(name: String, hours: Double)] = [
    ("UTC", 0), ("Europe/Berlin", 1), ("America/New_York", -5), ("America/Sao_Paulo", -3), ("Asia/Kathmandu", 5.75),
  ]
  /// Of 200 teams the largest has a tenth of all edits.
  private static let teamSkew = 0.8

  package var teams: Int
  package var edits: Int
  package var months: Int
  /// Members of the largest team; the others have fewer.
  package var members: Int
  /// Characters.
  package var promptLength: Int
  package var seed: UInt64
  /// Nothing happens from then on.
  package var end: Timestamp

  /// A plan of these numbers.
  package init(
    teams: Int, edits: Int, months: Int, members: Int, promptLength: Int, seed: UInt64, end: Timestamp
  ) {
    self.teams = teams
    self.edits = edits
    self.months = months
    self.members = members
    self.promptLength = promptLength
    self.seed = seed
    self.end = end
  }

  /// The first moment of the first month, in UTC.
  package var start: Timestamp {
    var day = end.utcDay
    let months = day.year * 12 + day.month - 1 - Int64(self.months - 1)
    day = CivilDate(year: months / 12, month: months % 12 + 1, day: 1)
    return Timestamp(microseconds: day.daysSinceEpoch * Timestamp.microsecondsPerDay)
  }

  /// The teams' parts, the largest first. Together they have all the edits.
  package var shares: [Share] {
    let weights = (0..<teams).map { WeightedChoice.weight($0, skew: Self.teamSkew) }
    let counts = Self.divide(edits, by: weights)
    return (0..<teams).map { rank in
      let zone = Self.zones[rank % Self.zones.count]
      return Share(
        rank: rank, edits: counts[rank], members: max(1, Int((Double(members) * weights[rank].squareRoot()).rounded())),
        timeZone: zone.name, secondsAhead: Int64(zone.hours * 3_600))
    }
  }

  /// Parts of `count` that are proportional to `weights`, to within one, and make all of it together.
  package static func divide(_ count: Int, by weights: [Double]) -> [Int] {
    let all = weights.reduce(0, +)
    guard all > 0 else { return weights.map { _ in 0 } }
    var (sum, given) = (0.0, 0)
    return weights.map { weight in
      sum += weight
      let upToHere = Int((Double(count) * min(1, sum / all)).rounded())
      defer { given = upToHere }
      return upToHere - given
    }
  }
}
