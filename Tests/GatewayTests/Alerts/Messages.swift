import Gateway
import Ledger
import LedgerStore

/// Messages of alerts, as tests need them.
enum Messages {
  static let team = TeamID(bits: 0xA)

  static func alert(
    team: TeamID = team, url: String = "https://hooks.example.com/tally?a=b", secret: AlertSecret = .random()
  ) -> Alert {
    Alert(
      id: NoteID(bits: 0xE), team: team, subject: .member(MemberID(bits: 0xB)), thresholds: [50, 80, 100], url: url,
      secret: secret)
  }

  static func budget(used: Int64 = 60, limit: Int64? = 100) -> Budget {
    Budget(
      id: BudgetID(
        scope: .member, subject: 0xB, period: .month, start: Timestamp(microseconds: 1_793_491_200_000_000)),
      end: Timestamp(microseconds: 1_796_083_200_000_000), limit: limit.map { Credits($0) }, used: Credits(used),
      held: Credits(5), isOverLimit: false)
  }

  static func message(
    id: NoteID = NoteID(bits: 1), team: TeamID = team, url: String = "https://hooks.example.com/tally?a=b",
    secret: AlertSecret = .random(), threshold: Int64? = 50, attempts: Int64 = 0
  ) -> AlertMessage {
    AlertMessage(
      id: id, alert: alert(team: team, url: url, secret: secret), budget: budget(), threshold: threshold,
      subjectName: "user-12345", reachedAt: Timestamp(microseconds: 1_794_000_000_123_000), attempts: attempts)
  }
}
