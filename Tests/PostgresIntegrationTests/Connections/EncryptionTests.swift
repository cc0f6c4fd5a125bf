import EmbeddedPostgres
import Foundation
import Postgres
import TallyTesting
import Testing

/// A server with a certificate of its own making, reached over TCP.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
struct EncryptionTests {
  private static let isEncrypted = Statement<Bool>(
    "is encrypted", "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
    row: { row throws(PostgresError) in try row.next() })

  @Test func theServerIsCheckedAsFarAsAskedFor() async throws {
    let folder = "/tmp/tally-tls-\(UUID().uuidString.prefix(8))"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let certificates = folder + "/pg/certificates"
    try makeCertificate(certificates, host: "localhost")
    try makeCertificate(folder + "/other", host: "localhost")
    var settings = ClusterSettings(dataFolder: folder)
    settings.isDurable = false
    settings.port = try SilentListener().port
    settings.parameters = [
      ("listen_addresses", "127.0.0.1"), ("ssl", "on"), ("ssl_cert_file", certificates + "/server.pem"),
      ("ssl_key_file", certificates + "/server.key"),
    ]
    let cluster = try await EmbeddedCluster.start(settings, logger: TestCluster.logger)
    var remote = cluster.connectionSettings
    remote.hosts = [.init("localhost", port: settings.port)]
    remote.sslMode = .verifyFull
    remote.sslRootCertificatePath = certificates + "/server.pem"
    let connection = try await Connection.open(remote, logger: TestCluster.logger)
    #expect(try await connection.query(Self.isEncrypted) == [true])

    // A name that the certificate does not have.
    remote.hosts[0].name = "127.0.0.1"
    await #expect(throws: PostgresError.self) { try await Connection.open(remote, logger: TestCluster.logger) }
    remote.sslMode = .verifyCA
    _ = try await Connection.open(remote, logger: TestCluster.logger)

    // An authority that did not sign it.
    remote.sslRootCertificatePath = folder + "/other/server.pem"
    await #expect(throws: PostgresError.self) { try await Connection.open(remote, logger: TestCluster.logger) }
    remote.sslMode = .disable
    let plain = try await Connection.open(remote, logger: TestCluster.logger)
    #expect(try await plain.query(Self.isEncrypted) == [false])
    try await cluster.stop()
  }

  /// Makes a certificate that signs itself, and gives it to the server's account.
  private func makeCertificate(_ folder: String, host: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try run(
      "/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
      "-days",
      "2", "-keyout", folder + "/server.key", "-out", folder + "/server.pem", "-subj", "/CN=\(host)", "-addext",
      "subjectAltName=DNS:\(host)")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder + "/server.key")
    if geteuid() == 0 { try run("/usr/bin/env", "chown", "-R", "postgres:postgres", folder) }
  }

  private func run(_ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(filePath: arguments[0])
    process.arguments = Array(arguments.dropFirst())
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }
}
