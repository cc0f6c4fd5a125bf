import Gateway
import Ledger
import LedgerStore
import Testing
import Upstream

@Suite struct AIRecordTests {
  /// The answer of the Feature API page, values shortened where they do not matter.
  private static let page = """
    {"aiRecord":{"uuid":"i1m2e3d4","userId":"user-12345","teamId":"team-67890","teamUser":{"teamId":"team-67890",
    "userId":"user-12345","userName":"John Doe","userAvatar":"https://example.com/avatar.jpg","status":"ACTIVE",
    "role":"ADMIN","creditLimit":100000000,"usedCredit":28000,"createdAt":"2025-01-01T00:00:00.000Z",
    "createdBy":"SYSTEM","updatedAt":"2025-01-15T16:00:00.000Z","updatedBy":"SYSTEM"},"model":"gpt-image-1-mini",
    "type":"IMAGE_EDITOR","metadata":null,"rating":null,"feedback":null,"conversationId":null,"status":"SUCCESS",
    "createdAt":"2025-01-15T16:00:00.000Z","aiRecordDetail":{"promptObject":{
    "imageUrl":"development/images/2025_12_04_18_10_29_882_cat.png",
    "prompt":"transform into a watercolor painting style with soft brushstrokes and vibrant colors",
    "size":"1024x1024","n":1,"quality":"medium","output_format":"png","background":"auto"},
    "resultObject":["development/images/2025_01_15_16_00_30_001_edited.png"],"responseObject":{}},
    "additionalData":null,"temporaryUrl":"https://s3.us-east-1.amazonaws.com/asset.1min.ai/x.png"}}
    """

  private func answer() throws -> RecordAnswer {
    let held = HeldEdit(
      record: Fixtures.record, amount: Credits(33_000), at: Fixtures.at("2025-01-15T16:00:00.123456Z"), index: 3)
    let record = AIRecord(
      try Fixtures.submission(), Fixtures.principal(), held: held, result: Fixtures.result,
      resolved: Fixtures.resolved())
    return RecordAnswer(record: record, receipt: Receipt(Fixtures.position()))
  }

  @Test func everyFieldOfTheFeaturePageIsThereInItsOrder() throws {
    let expected = paths(try JSONReader.parse(Array(AIRecordTests.page.utf8)))
    let written = paths(try JSONReader.parse(answer().body))
    // Ours adds the default that the page leaves out, what was charged, and the receipt.
    let added = [
      "aiRecord.metadata.credit", "aiRecord.aiRecordDetail.promptObject.output_compression", "receipt", "receipt.log",
      "receipt.index", "receipt.leaf", "receipt.at", "receipt.note",
    ]
    #expect(written.filter { !added.contains($0) } == expected)
    #expect(added.allSatisfy(written.contains))
  }

  @Test func valuesAreTheMembersOwn() throws {
    let root = try JSONReader.parse(answer().body)
    let record = try #require(root.at("aiRecord"))
    #expect(record.at("uuid") == .string("00000000-0000-0000-0000-000000000055"))
    #expect(record.at("teamId") == .string("00000000-0000-0000-0000-000000000011"))
    #expect(record.at("userId") == .string("user-12345"))
    #expect(record.at("createdAt") == .string("2025-01-15T16:00:00.123Z"))
    #expect(record.at("status") == .string("SUCCESS"))
    #expect(record.at("teamUser", "usedCredit")?.integer == 28_000)
    #expect(record.at("teamUser", "creditLimit")?.integer == 100_000_000)
    #expect(record.at("metadata", "credit")?.integer == 33_000)
    #expect(record.at("aiRecordDetail", "resultObject") == .array(Fixtures.result.resultKeys.map { .string($0) }))
    #expect(root.at("receipt", "index")?.integer == 4)
    #expect(root.at("receipt", "leaf") == .string("xyYUY+vXdvRlC20P6ULZzDjJJdkPd9RAq2341d0ljF8="))
    #expect(root.at("receipt", "at") == .string("2026-11-23T12:00:01.000000Z"))
    #expect(root.at("receipt", "note") == .null)
  }

  @Test func metadataIsTheCallersOwnWithWhatWasCharged() {
    #expect(AIRecord.metadata(caller: nil, credit: nil, isAssumed: false) == nil)
    #expect(AIRecord.metadata(caller: nil, credit: Credits(5), isAssumed: false) == #"{"credit":5}"#)
    #expect(AIRecord.metadata(caller: #"{"a":1}"#, credit: nil, isAssumed: false) == #"{"a":1}"#)
    // The caller cannot write its own bill.
    #expect(
      AIRecord.metadata(caller: #"{"credit":0,"a":[1.0],"assumed":false}"#, credit: Credits(5), isAssumed: true)
        == #"{"a":[1.0],"credit":5,"assumed":true}"#)
  }

  @Test(arguments: [
    (EditState.held, "PROCESSING"), (.inDoubt, "PROCESSING"), (.settled, "SUCCESS"), (.released, "FAILURE"),
    (.refused, "FAILURE"),
  ])
  func statesAreToldInTheFeatureAPIsWords(state: EditState, status: String) {
    #expect(AIRecord.Status(state).rawValue == status)
  }

  @Test func presignedAddressIsShownForSevenDays() throws {
    let stored = Fixtures.stored(.settled)
    let user = TeamUser(Fixtures.principal(), budget: Fixtures.budget())
    let last = Timestamp(microseconds: Fixtures.now.microseconds + 604_800_000_000 - 1)
    #expect(AIRecord(stored, teamUser: user, now: last).temporaryURL == stored.temporaryURL)
    #expect(AIRecord(stored, teamUser: user, now: last.adding(seconds: 1)).temporaryURL == nil)
  }

  @Test func recordThatIsNotThereIsNull() {
    #expect(String(decoding: RecordAnswer(record: nil, receipt: nil).body, as: UTF8.self) == #"{"aiRecord":null}"#)
  }

  @Test func recordThatRunsHasNoCreditAndNoReceipt() throws {
    let user = TeamUser(Fixtures.principal(), budget: Fixtures.budget())
    let record = AIRecord(Fixtures.stored(.held), teamUser: user, now: Fixtures.now)
    let root = try JSONReader.parse(RecordAnswer(record: record, receipt: nil).body)
    #expect(root.at("aiRecord", "metadata") == .null)
    #expect(root.at("receipt") == .null)
    #expect(root.at("aiRecord", "aiRecordDetail", "responseObject") == .object(JSONObject()))
  }

  private func paths(_ value: JSONValue, under prefix: String = "") -> [String] {
    guard case .object(let object) = value else { return [] }
    return object.members.flatMap { member in
      [prefix + member.name] + paths(member.value, under: prefix + member.name + ".")
    }
  }
}
