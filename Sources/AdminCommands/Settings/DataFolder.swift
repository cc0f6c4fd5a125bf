package import Foundation

/// The data folder: the embedded database and the keys.
package struct DataFolder: Hashable, Sendable {
  /// Where it is, absolute.
  package var url: URL

  /// The folder at `path`, which may be relative.
  package init(path: String) {
    url = URL(filePath: path, directoryHint: .isDirectory).absoluteURL.standardizedFileURL
  }

  /// The keys' folder; only its owner can enter it.
  package var keys: URL { url.appending(path: "keys", directoryHint: .isDirectory) }
  /// The key that signs the logs' heads, where no other file is set.
  package var signingKey: URL { keys.appending(path: "log.key") }
  /// The key that signed them before, where no other file is set.
  package var previousSigningKey: URL { keys.appending(path: "log.previous.key") }
  /// The public half of it, for auditors.
  package var signingVerifierKey: URL { keys.appending(path: "log.vkey") }
  /// The key that signs receipts, where no other file is set.
  package var receiptKey: URL { keys.appending(path: "receipt.key") }
  /// The key that signed them before, where no other file is set.
  package var previousReceiptKey: URL { keys.appending(path: "receipt.previous.key") }
}
