import ArgumentParser
import Foundation
import LedgerStore

/// Who administers, and why.
struct AdministratorOptions: ParsableArguments {
  /// Longest reason, in bytes: it stands in a log line's private payload, beside which other things need room.
  static let maximumReasonBytes = 4_000

  @Option(help: ArgumentHelp("Why, for the audit log.", valueName: "text"))
  var reason: String?

  func validate() throws {
    guard let reason else { return }
    guard !reason.utf8.allSatisfy({ $0 <= 0x20 }) else { throw ValidationError("--reason is empty: say why.") }
    guard reason.utf8.count <= AdministratorOptions.maximumReasonBytes, !reason.utf8.contains(0) else {
      throw ValidationError(
        "--reason takes at most \(AdministratorOptions.maximumReasonBytes) bytes, none of them NUL.")
    }
  }

  /// The operating system's user, with the reason.
  var administrator: Administrator {
    Administrator(name: AdministratorOptions.operatingSystemUser(), reason: reason)
  }

  /// The user that the process runs as; its number where it has no name.
  static func operatingSystemUser() -> String {
    let number = getuid()
    guard let entry = getpwuid(number), let name = entry.pointee.pw_name else { return "uid-\(number)" }
    return String(cString: name)
  }
}
