import Foundation
import NIOCore
import NIOSSL

/// A certificate that signs itself.
struct TestCertificate: Sendable {
  static let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl", "/opt/homebrew/bin/openssl"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  private let folder: URL
  var certificate: String { folder.appending(path: "server.pem").path }
  private var key: String { folder.appending(path: "server.key").path }

  static func make(host: String) throws -> TestCertificate {
    let made = TestCertificate(
      folder: FileManager.default.temporaryDirectory.appending(path: "tally-webhook-\(UUID().uuidString)"))
    try FileManager.default.createDirectory(at: made.folder, withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = URL(filePath: openssl ?? "")
    process.arguments = [
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-keyout",
      made.key, "-out", made.certificate, "-subj", "/CN=\(host)", "-addext", "subjectAltName=DNS:\(host)",
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return made
  }

  /// A server's context that tells which name is asked for.
  func context(_ told: @escaping @Sendable (String) -> Void) throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
    configuration.sslContextCallback = { values, promise in
      if let name = values.serverHostname { told(name) }
      promise.succeed(.noChanges)
    }
    return try NIOSSLContext(configuration: configuration)
  }

  func remove() {
    try? FileManager.default.removeItem(at: folder)
  }
}
