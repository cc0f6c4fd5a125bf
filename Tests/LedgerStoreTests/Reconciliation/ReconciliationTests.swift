import Ledger
import LedgerStore
import Testing

@Suite struct ReconciliationTests {
  private static let start = Timestamp(microseconds: 1_763_000_000_000_000)
  private static let team = TeamID(bits: 1)
  private static let record = RecordID(bits: 7)

  private static func reconciliation(of team: TeamID? = nil) -> Reconciliation {
    Reconciliation(from: start, to: start.adding(seconds: 86_400), team: team)
  }

  private static func call(
    _ record: RecordID? = record, uuid: String? = "up-7", worked: Bool = true, credits: Int64? = 33_000,
    after seconds: Int64 = 61, isEdit: Bool = true
  ) -> TruthLogEntry {
    TruthLogEntry(
      isEdit: isEdit, uuid: uuid, requestID: record?.description, worked: worked, at: start.adding(seconds: seconds),
      credits: credits.map { Credits($0) })
  }

  private static func edit(
    _ state: EditState, _ change: (inout ReconciledEdit) -> Void = { _ in }
  ) -> ReconciledEdit {
    var edit = ReconciledEdit(team: team, record: record, state: state, createdAt: start.adding(seconds: 60))
    if state == .settled {
      edit.charged = Credits(33_000)
      edit.cause = SettleCause.delivered.rawValue
    }
    if state == .released { edit.cause = ReleaseCause.upstreamRefused.rawValue }
    change(&edit)
    return edit
  }

  private static func kinds(
    _ calls: [TruthLogEntry], _ edits: [ReconciledEdit], of team: TeamID? = nil
  ) throws -> [ReconciliationFinding.Kind] {
    var reconciliation = reconciliation(of: team)
    for call in calls { try reconciliation.take(call) }
    for edit in edits { reconciliation.take(edit) }
    let report = reconciliation.finish()
    #expect(report.agrees == report.findings.allSatisfy(\.kind.agrees))
    #expect(report.counts.values.reduce(0, +) == Int64(report.findings.count))
    return report.findings.map(\.kind)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var edit: ReconciledEdit?
    var call: TruthLogEntry?
    var kind: ReconciliationFinding.Kind?
  }

  static let cases = [
    Case(testDescription: "charged and worked", edit: edit(.settled), call: call(), kind: nil),
    Case(
      testDescription: "charged, and the upstream does not say for how much", edit: edit(.settled),
      call: call(credits: nil), kind: nil),
    Case(testDescription: "charged otherwise", edit: edit(.settled), call: call(credits: 33_001), kind: .amountDiffers),
    Case(
      testDescription: "above the hold, which is variance", edit: edit(.settled) { $0.variance = Credits(1) },
      call: call(credits: 33_001), kind: nil),
    Case(
      testDescription: "credited back by an administrator", edit: edit(.settled) { $0.credited = Credits(5) },
      call: call(), kind: nil),
    Case(
      testDescription: "credited back by evidence",
      edit: edit(.settled) {
        $0.credited = Credits(1_000)
        $0.hasEvidence = true
        $0.creditedByEvidence = Credits(1_000)
      }, call: call(credits: 32_000), kind: nil),
    Case(
      testDescription: "credited back, and the line of the evidence is pruned",
      edit: edit(.settled) {
        $0.credited = Credits(1_000)
        $0.hasEvidence = true
      }, call: call(credits: 32_000), kind: nil),
    Case(
      testDescription: "charged and not worked", edit: edit(.settled), call: call(worked: false, credits: 0),
      kind: .notUpstream),
    Case(testDescription: "charged and unknown upstream", edit: edit(.settled), call: nil, kind: .notUpstream),
    Case(testDescription: "worked and unknown", edit: nil, call: call(), kind: .neverLogged),
    Case(testDescription: "refused upstream and unknown", edit: nil, call: call(worked: false, credits: 0), kind: nil),
    Case(testDescription: "refused and not sent", edit: edit(.refused), call: nil, kind: nil),
    Case(testDescription: "refused and worked", edit: edit(.refused), call: call(), kind: .releasedButWorked),
    Case(testDescription: "released and refused", edit: edit(.released), call: call(worked: false), kind: nil),
    Case(testDescription: "released and worked", edit: edit(.released), call: call(), kind: .releasedButWorked),
    Case(
      testDescription: "released by an administrator and worked",
      edit: edit(.released) { $0.cause = ReleaseCause.administrator.rawValue }, call: call(),
      kind: .releasedByAdministrator),
    Case(
      testDescription: "released, proven later",
      edit: edit(.released) {
        $0.hasEvidence = true
        $0.creditedByEvidence = .zero
        $0.variance = Credits(33_000)
      }, call: call(), kind: nil),
    Case(testDescription: "held and running", edit: edit(.held), call: nil, kind: nil),
    Case(testDescription: "held and worked", edit: edit(.held), call: call(), kind: .openButWorked),
    Case(testDescription: "in doubt and worked", edit: edit(.inDoubt), call: call(), kind: .openButWorked),
    Case(testDescription: "in doubt and not worked", edit: edit(.inDoubt), call: nil, kind: .inDoubtNotWorked),
    Case(
      testDescription: "assumed and worked", edit: edit(.settled) { $0.assumed = true }, call: call(),
      kind: .assumedAndWorked),
    Case(
      testDescription: "assumed and not worked", edit: edit(.settled) { $0.assumed = true }, call: nil,
      kind: .assumedNotWorked),
    Case(
      testDescription: "assumed, proven undone",
      edit: edit(.settled) {
        $0.credited = Credits(33_000)
        $0.hasEvidence = true
        $0.creditedByEvidence = Credits(33_000)
      }, call: nil, kind: nil),
  ]

  @Test(arguments: cases)
  func eachPairOfWordsIsJudged(pair: Case) throws {
    let kinds = try Self.kinds([pair.call].compactMap(\.self), [pair.edit].compactMap(\.self))
    #expect(kinds == [pair.kind].compactMap(\.self))
  }

  @Test func theUpstreamsOwnIDIsEnough() throws {
    let edit = Self.edit(.settled) { $0.upstreamUUID = "up-7" }
    #expect(try Self.kinds([Self.call(nil)], [edit]) == [])
    #expect(try Self.kinds([Self.call(nil, uuid: "up-8")], [edit]) == [.notUpstream, .neverLogged])
  }

  @Test func workThatWasDoneTwiceCostsTwice() throws {
    let calls = [Self.call(), Self.call(uuid: "up-8")]
    #expect(try Self.kinds(calls, [Self.edit(.settled)]) == [.amountDiffers])
  }

  @Test func uploadsAreNoWork() throws {
    #expect(try Self.kinds([Self.call(isEdit: false)], []) == [])
  }

  /// A call is a moment later than its hold: at the ends of the stretch they still belong together.
  @Test func whatLiesAcrossTheEndsIsMatchedAndNotJudgedTwice() throws {
    let late = Self.edit(.settled) { $0.createdAt = Self.start.adding(seconds: 86_399) }
    #expect(try Self.kinds([Self.call(after: 86_401)], [late]) == [])
    let early = Self.edit(.settled) { $0.createdAt = Self.start.adding(seconds: -1) }
    #expect(try Self.kinds([Self.call(after: 1)], [early]) == [])
    #expect(try Self.kinds([Self.call(credits: 1, after: 1)], [early]) == [])
    #expect(try Self.kinds([Self.call(after: 86_401)], []) == [])
  }

  @Test func ofOneTeamOthersAreMatchedAndNotJudged() throws {
    let other = TeamID(bits: 2)
    #expect(try Self.kinds([Self.call(credits: 1)], [Self.edit(.settled)], of: other) == [])
    #expect(try Self.kinds([Self.call(RecordID(bits: 9), uuid: nil)], [], of: other) == [.neverLogged])
  }

  @Test func sumsAreThoseOfTheStretch() throws {
    var reconciliation = Self.reconciliation()
    try reconciliation.take(Self.call())
    try reconciliation.take(Self.call(RecordID(bits: 8), uuid: "up-8", credits: 5, after: 90_000))
    reconciliation.take(Self.edit(.settled) { $0.credited = Credits(3) })
    let totals = reconciliation.finish().totals
    #expect(totals.upstreamEdits == 1 && totals.upstreamCredits == 33_000)
    #expect(totals.edits == 1 && totals.matched == 1 && totals.charged == 33_000 && totals.credited == 3)
  }

  @Test func findingsAreBoundedAndTheirNumberIsNot() throws {
    var reconciliation = Self.reconciliation()
    let count = Reconciliation.findingsMaximum + 5
    for number in 0..<count {
      try reconciliation.take(Self.call(RecordID(bits: UInt128(1_000 + number)), uuid: nil))
    }
    let report = reconciliation.finish()
    #expect(report.findings.count == Reconciliation.findingsMaximum)
    #expect(report.counts == [.neverLogged: Int64(count)])
  }
}
