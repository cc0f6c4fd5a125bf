import Ledger
import Testing

struct ReplayTests {
  private func lines() throws -> [[UInt8]] {
    var team = try TestTeam(memberLimit: 100_000)
    try team.hold(.one)
    team.now = team.now.adding(seconds: 1)
    try team.settle(.one)
    return team.lines
  }

  private func replay(_ lines: [[UInt8]]) -> ReplayError? {
    do {
      _ = try TeamBook.replay(lines: lines)
      return nil
    } catch {
      return error
    }
  }

  private func changed(_ line: [UInt8], _ change: (inout LineHeader) -> Void) throws -> [UInt8] {
    var (header, event) = try Line.parse(line)
    change(&header)
    return Line.write(event, header)
  }

  @Test func aWholeLogReplays() throws {
    #expect(replay(try lines()) == nil)
  }

  @Test func aMissingLineIsNoticed() throws {
    for index in 1..<4 {
      var lines = try lines()
      lines.remove(at: index)
      #expect(replay(lines) == ReplayError(index: Int64(index), .otherIndex(Int64(index) + 1)))
    }
  }

  @Test func aDoubledLineIsNoticed() throws {
    var lines = try lines()
    lines.insert(lines[2], at: 2)
    #expect(replay(lines) == ReplayError(index: 3, .otherIndex(2)))
  }

  @Test func aLogThatDoesNotBeginWithItsTeamIsNoTeamsLog() throws {
    #expect(replay([]) == ReplayError(index: 0, .noTeam))
    #expect(replay(Array(try lines().dropFirst())) == ReplayError(index: 0, .noTeam))
  }

  @Test func aLineOfAnotherLogIsNoticed() throws {
    var lines = try lines()
    lines[2] = try changed(lines[2]) { $0.log = "elsewhere" }
    #expect(replay(lines) == ReplayError(index: 2, .otherLog))
  }

  @Test func timeThatGoesBackIsNoticed() throws {
    var lines = try lines()
    lines[4] = try changed(lines[4]) { $0.at = .epoch }
    #expect(replay(lines) == ReplayError(index: 4, .timeWentBack))
  }

  @Test func aBrokenLineIsNamed() throws {
    var lines = try lines()
    lines[3].removeLast()
    let error = try #require(replay(lines))
    #expect(error.index == 3)
    guard case .line = error.reason else {
      Issue.record("\(error)")
      return
    }
  }

  @Test func aSecondCreationIsAContradiction() throws {
    var lines = try lines()
    lines[1] = try changed(lines[0]) { $0.index = 1 }
    #expect(replay(lines) == ReplayError(index: 1, .event(.contradiction(Contradiction(.team, "team")))))
  }
}
