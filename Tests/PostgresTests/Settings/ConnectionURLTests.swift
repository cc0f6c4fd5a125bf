import Postgres
import Testing

@Suite struct ConnectionURLTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let url: String
    let hosts: [String]
    let database: String
    let user: String
    let password: String?
    var testDescription: String { url }
  }

  static let cases = [
    Case(url: "postgres://u@h/d", hosts: ["h:5432"], database: "d", user: "u", password: nil),
    Case(url: "postgresql://u:p@h:5433/d", hosts: ["h:5433"], database: "d", user: "u", password: "p"),
    Case(url: "postgres://u:p%40%3A%2F%20x@h/d%20e", hosts: ["h:5432"], database: "d e", user: "u", password: "p@:/ x"),
    Case(url: "postgres://u:p@q@h/d", hosts: ["h:5432"], database: "d", user: "u", password: "p@q"),
    Case(url: "postgres://u:a+b@h", hosts: ["h:5432"], database: "u", user: "u", password: "a+b"),
    Case(
      url: "postgres://u@a,b:6000,[::1]:7000/d", hosts: ["a:5432", "b:6000", "::1:7000"], database: "d", user: "u",
      password: nil),
    Case(url: "postgres://u@/d?host=/run/pg", hosts: ["/run/pg:5432"], database: "d", user: "u", password: nil),
    Case(
      url: "postgres://u@/d?host=%2Frun%2Fpg&port=5433", hosts: ["/run/pg:5433"], database: "d", user: "u",
      password: nil),
    Case(url: "postgres://u@%2Frun%2Fpg/d", hosts: ["/run/pg:5432"], database: "d", user: "u", password: nil),
    Case(url: "postgres://u@/d", hosts: ["/var/run/postgresql:5432"], database: "d", user: "u", password: nil),
    Case(url: "postgres://u:@h/", hosts: ["h:5432"], database: "u", user: "u", password: ""),
  ]

  @Test(arguments: cases) func partsAreFound(_ expected: Case) throws {
    let settings = try ConnectionSettings(url: expected.url)
    #expect(settings.hosts.map(\.description) == expected.hosts)
    #expect(settings.database == expected.database)
    #expect(settings.user == expected.user)
    #expect(settings.password == expected.password)
  }

  @Test func parametersAreTaken() throws {
    let settings = try ConnectionSettings(
      url: "postgres://u@h/d?sslmode=verify-full&sslrootcert=/ca%20x.pem&connect_timeout=7&application_name=a%26b"
        + "&target_session_attrs=any")
    #expect(settings.sslMode == .verifyFull)
    #expect(settings.sslRootCertificatePath == "/ca x.pem")
    #expect(settings.connectTimeout == .seconds(7))
    #expect(settings.applicationName == "a&b")
    #expect(settings.targetSessionAttributes == .any)
  }

  /// Every fault, and the word that must be in its message.
  @Test(arguments: [
    ("http://u@h/d", "postgres://"), ("", "postgres://"), ("postgres://h/d", "user"), ("postgres://@h/d", "user"),
    ("postgres://u:secret@h/d?sslcert=x", "sslcert"), ("postgres://u:secret@h/d?sslmode=maybe", "sslmode"),
    ("postgres://u:secret@h/d?sslmode", "sslmode"), ("postgres://u:secret@h:0/d", "port"),
    ("postgres://u:secret@h:65536/d", "port"), ("postgres://u:secret@h:5x/d", "port"),
    ("postgres://u:secret@h:/d", "port"),
    ("postgres://u:secret@a,,b/d", "host"), ("postgres://u:secret@[::1/d", "host"),
    ("postgres://u:secret%4@h/d", "password"),
    ("postgres://u:secret%zz@h/d", "password"), ("postgres://u:secret%00@h/d", "password"),
    ("postgres://u:secret%ff@h/d", "password"), ("postgres://u:secret@h/d?connect_timeout=0", "connect_timeout"),
    ("postgres://u:secret@h/d?sslmode=verify-full", "sslrootcert"),
    ("postgres://u:secret@h/d?connect_timeout=1&connect_timeout=2", "connect_timeout"),
    ("postgres://u:secret@h/d?host=/x", "host"),
    ("postgres://u:secret@h/d?target_session_attrs=best", "target_session_attrs"),
  ])
  func faultsAreNamedWithoutThePassword(_ url: String, _ word: String) {
    let error = #expect(throws: PostgresError.self) { try ConnectionSettings(url: url) }
    #expect(error?.code == .settings)
    #expect(error?.outcome == .notSent)
    #expect(error?.reason.contains(word) == true, "\(error?.reason ?? "")")
    #expect(error.map { String(reflecting: $0).contains("secret") } == false)
  }

  @Test func thePasswordIsNeverShown() throws {
    let settings = try ConnectionSettings(url: "postgres://u:secret@h/d")
    var dumped = ""
    dump(settings, to: &dumped)
    for text in [settings.description, String(describing: settings), String(reflecting: settings), dumped] {
      #expect(!text.contains("secret"))
    }
  }
}
