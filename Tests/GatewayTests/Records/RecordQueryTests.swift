import Gateway
import Ledger
import LedgerStore
import Testing

@Suite struct RecordQueryTests {
  @Test func parametersAreReadAndHaveDefaults() throws {
    let plain = try RecordQuery.filter(QueryParameters(nil))
    #expect(plain.limit == 20)
    #expect(plain.after == nil && plain.states == nil && plain.userID == nil)
    let filter = try RecordQuery.filter(
      QueryParameters("limit=100&after=\(Fixtures.record)&status=PROCESSING&userId=user%2D12345"))
    #expect(filter.limit == 100)
    #expect(filter.after == Fixtures.record)
    #expect(filter.states == [.held, .inDoubt])
    #expect(filter.userID == "user-12345")
  }

  @Test(arguments: [
    ("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"), ("limit=+5", "limit"), ("limit=", "limit"),
    ("after=x", "after"), ("status=DONE", "status"), ("state=held", "state"), ("Limit=5", "Limit"),
  ])
  func faultyParameterIsNamed(query: String, field: String) {
    let error = #expect(throws: GatewayError.self) { try RecordQuery.filter(QueryParameters(query)) }
    #expect(error?.details == .faults([]) || "\(error?.details as Any)".contains("\"\(field)\""))
    #expect(error?.code == .invalidFields)
  }

  private static let statuses: [(String, Set<EditState>)] = [
    ("SUCCESS", [.settled]), ("FAILURE", [.released]), ("REFUSED", [.refused]),
    ("PROCESSING", [.held, .inDoubt]), ("in_doubt", [.inDoubt]),
  ]

  @Test(arguments: statuses)
  func statusesStandForStates(text: String, states: Set<EditState>) {
    #expect(RecordView.states(named: text) == states)
  }

  @Test func recordsAreShownInTheWordsOfTheCommandLine() throws {
    var writer = JSONWriter()
    RecordView(Fixtures.stored(.refused)).writeSummary(to: &writer)
    let root = try JSONReader.parse(writer.bytes)
    for name in [
      "uuid", "teamId", "userId", "keyId", "model", "status", "state", "assumed", "heldCredits", "credits", "createdAt",
    ] {
      #expect(root.at(name) != nil, "\(name)")
    }
    #expect(root.at("status") == .string("REFUSED"))
    #expect(root.at("state") == .string("refused"))
  }
}
