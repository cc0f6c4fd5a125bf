package import Foundation
package import Ledger
package import TransparencyLog

/// The two signing keys of an operator, as files that only their owner can read.
package struct KeyFiles: Sendable {
  /// The key that signs the logs' heads.
  package var signingKey: URL
  /// The key that signed them before, and signs them too while its file is there.
  package var previousSigningKey: URL
  /// The key that signs receipts.
  package var receiptKey: URL
  /// The key that signed them before, and signs them too while its file is there.
  package var previousReceiptKey: URL

  /// What was made.
  package struct Made: Sendable {
    /// The head key's public half.
    package var verifierKey: String
    /// The receipt key's public half.
    package var receiptVerifierKey: String
  }

  /// The files that the settings name, in the data folder where they name none.
  ///
  /// Throws nothing; the files need not exist.
  package init(_ settings: SettingsReader) {
    let folder = DataFolder(path: settings.text(.dataFolder) ?? "")
    signingKey = settings.text(.signingKeyFile).map { URL(filePath: $0) } ?? folder.signingKey
    previousSigningKey =
      settings.text(.previousSigningKeyFile).map { URL(filePath: $0) } ?? folder.previousSigningKey
    receiptKey = settings.text(.receiptKeyFile).map { URL(filePath: $0) } ?? folder.receiptKey
    previousReceiptKey =
      settings.text(.previousReceiptKeyFile).map { URL(filePath: $0) } ?? folder.previousReceiptKey
  }

  /// The file with a key's public half: beside it, `.vkey` for `.key`.
  package static func verifierKeyFile(of key: URL) -> URL {
    key.deletingPathExtension().appendingPathExtension("vkey")
  }

  /// Whether both keys are there.
  package var areComplete: Bool {
    [signingKey, receiptKey].allSatisfy { FileManager.default.fileExists(atPath: $0.path) }
  }

  /// Makes both keys under the name `logName`.
  ///
  /// Throws `CommandFailure` when one of the files is there already: a key that signed is never overwritten. Nothing is
  /// written then.
  package func make(logName: String) throws -> Made {
    let verifierFiles = [signingKey, receiptKey].map(KeyFiles.verifierKeyFile)
    for file in [signingKey, receiptKey] + verifierFiles where FileManager.default.fileExists(atPath: file.path) {
      throw CommandFailure(.failed, "\(file.path) is there already and is not overwritten")
    }
    let signing = try KeyFiles.write(signingKey, logName: logName)
    let receipt = try KeyFiles.write(receiptKey, logName: logName)
    return Made(verifierKey: signing, receiptVerifierKey: receipt)
  }

  /// Makes the keys that are missing: at the first start of a service with an embedded database.
  ///
  /// Throws `CommandFailure` where a file cannot be written.
  package func makeMissing(logName: String) throws {
    for file in [signingKey, receiptKey] where !FileManager.default.fileExists(atPath: file.path) {
      _ = try KeyFiles.write(file, logName: logName)
    }
  }

  /// Reads a key's public half.
  ///
  /// Throws `CommandFailure` where the file is missing, or is no such key.
  package static func verifierKey(in file: URL) throws -> String {
    try signingKey(in: file).verifierKey
  }

  /// Reads a key.
  ///
  /// Throws `CommandFailure` where the file is missing, or is no such key.
  package static func signingKey(in file: URL) throws -> NoteSigningKey {
    guard let bytes = FileManager.default.contents(atPath: file.path) else {
      throw CommandFailure(.failed, "\(file.path) cannot be read; `tally keys init` makes it")
    }
    guard let key = NoteSigningKey(text: String(decoding: bytes, as: UTF8.self)) else {
      throw CommandFailure(.failed, "\(file.path) is no signing key")
    }
    return key
  }

  /// Makes a new key in `file`, with its public half beside it, and returns that.
  static func write(_ file: URL, logName: String) throws -> String {
    guard let key = NoteSigningKey(newNamed: logName) else {
      throw SettingsReader.wrong(.logName, "a name of printable ASCII characters without blanks and plus signs")
    }
    try store(key, in: file)
    return key.verifierKey
  }

  /// Writes a key into `file`, which must not be there, and its public half beside it.
  static func store(_ key: NoteSigningKey, in file: URL) throws {
    try PrivateFile.makeFolder(file.deletingLastPathComponent())
    try PrivateFile.create(file, text: key.secretText + "\n", mode: 0o600)
    let verifier = KeyFiles.verifierKeyFile(of: file)
    try? FileManager.default.removeItem(at: verifier)
    try PrivateFile.create(verifier, text: key.verifierKey + "\n", mode: 0o644)
    PrivateFile.syncFolder(file.deletingLastPathComponent())
  }
}

extension KeyFiles {
  /// The files that a rotation of a key moves.
  package func rotation(of use: LogKeyUse) -> KeyRotationFiles {
    switch use {
    case .checkpoint: KeyRotationFiles(current: signingKey, previous: previousSigningKey)
    case .receipt: KeyRotationFiles(current: receiptKey, previous: previousReceiptKey)
    }
  }
}

/// Files that appear whole and with their mode from the first moment on.
enum PrivateFile {
  /// Makes a folder that only its owner can enter, where there is none.
  static func makeFolder(_ folder: URL) throws {
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw CommandFailure(.failed, "the folder \(folder.path) cannot be made")
    }
  }

  /// Waits until the folder's list of files is on the disk, where the system can tell.
  static func syncFolder(_ folder: URL) {
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }

  /// Makes a file that must not exist yet, durable when this returns.
  static func create(_ file: URL, text: String, mode: mode_t) throws {
    let descriptor = open(file.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else {
      throw CommandFailure(.failed, "\(file.path) cannot be made: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
      throw CommandFailure(.failed, "\(file.path) cannot be written: \(String(cString: strerror(errno)))")
    }
  }
}
