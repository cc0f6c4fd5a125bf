import Gateway
import Ledger
import Testing

@Suite struct PermissionTests {
  private static let table: [(MemberRole, KeyScopes, [Permission])] = [
    (.admin, [.admin, .audit, .edit, .reports], [.any, .submit, .readRecords, .administer, .takeAudit, .readReports]),
    (.member, [.edit], [.any, .submit, .readRecords]),
    (.finance, [.audit, .reports], [.any, .takeAudit, .readReports]),
    // A key can never do more than its owner's role: finance submits nothing.
    (.finance, [.audit, .edit, .reports], [.any, .readRecords, .takeAudit, .readReports]),
    (.member, [.audit, .reports], [.any]),
    (.admin, [.admin], [.any, .readRecords, .administer]),
    (.member, [.admin], [.any, .readRecords]),
  ]

  @Test(arguments: table)
  func roleAndScopesDecideTogether(role: MemberRole, scopes: KeyScopes, granted: [Permission]) {
    let principal = Fixtures.principal(role: role, scopes: scopes)
    #expect(Permission.allCases.filter { $0.isGranted(to: principal) } == granted)
  }

  @Test func onlyAnAdministratorsKeyThatMayAdministerSeesTheWholeTeam() {
    #expect(Fixtures.principal(role: .admin, scopes: [.admin, .edit]).seesWholeTeam)
    #expect(!Fixtures.principal(role: .admin, scopes: [.edit]).seesWholeTeam)
    #expect(!Fixtures.principal(role: .member, scopes: [.admin]).seesWholeTeam)
  }
}
