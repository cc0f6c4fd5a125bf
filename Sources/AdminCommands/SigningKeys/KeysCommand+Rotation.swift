import ArgumentParser
import Foundation
import Ledger
import LedgerStore
import TransparencyLog

extension LogKeyUse: ExpressibleByArgument {}

/// `tally keys rotate`.
struct KeysRotateCommand: AsyncParsableCommand {
  /// Logs that are written to at once.
  private static let width = 16

  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: "Put a new signing key in the present one's place.",
    discussion: """
      Each log gets a line that names both keys, then the files change places: the
      old key is kept beside as `log.previous.key` and signs too until `tally keys
      retire`. Restart the gateway that has the keys, and give auditors the new vkey
      by the way the first one came to them. A rotation that was cut off goes on when
      the command is run again.

      Example:
        tally keys rotate --reason "yearly"
        tally keys rotate --use receipt --reason "yearly"
      """)

  @Option(help: "Which key: of the logs' heads, or of receipts.") var use: LogKeyUse = .checkpoint
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var keyFiles: KeyFileOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard administrator.reason != nil else { throw ValidationError("Say why with --reason.") }
  }

  func run() async throws {
    let settings = try database.reader(adding: keyFiles.flags)
    let files = KeyFiles(settings).rotation(of: use)
    let keys = try files.prepare(logName: settings.text(.logName) ?? "")
    let rotated = LogKeyRotated(use: use, old: keys.old.verifierKey, new: keys.new.verifierKey)
    let by = administrator.administrator
    let logCount = try await database.withStore { store in
      var told: Set<TeamID> = []
      let logCount = try await tell(rotated, beside: &told, store, by)
      try files.finish()
      // Teams that were made meanwhile.
      return logCount + (try await tell(rotated, beside: &told, store, by))
    }
    var row = OutputRow()
    row.add("use", "USE", .string(use.rawValue))
    row.add("vkey", "NEW VKEY", .string(keys.new.verifierKey))
    row.add("previousVkey", "OLD VKEY", .string(keys.old.verifierKey))
    row.add("previousKeyFile", "KEPT AS", .string(files.previous.path))
    row.add("logs", "LOGS TOLD", .integer(Int64(logCount)))
    try Console.current.show(row, asJSON: output.asJSON)
    Console.current.note("Restart the gateway that has the keys: from then on both sign.")
  }

  /// A line in each log, the operator's own among them. Halted ones take none, and are named.
  private func tell(
    _ rotated: LogKeyRotated, beside told: inout Set<TeamID>, _ store: LedgerStore, _ by: Administrator
  ) async throws -> Int {
    let logs = try await store.logTips(of: [.operatorLog]).map(\.team) + (try await store.teams()).map(\.id)
    let rest = logs.filter { !told.contains($0) }
    told.formUnion(rest)
    return try await tell(rotated, rest, store, by)
  }

  /// A line in each of these logs; answers how many took it.
  private func tell(
    _ rotated: LogKeyRotated, _ logs: [TeamID], _ store: LedgerStore, _ by: Administrator
  ) async throws -> Int {
    var logCount = 0
    for start in stride(from: 0, to: logs.count, by: Self.width) {
      let part = logs[start..<min(start + Self.width, logs.count)]
      try await withThrowingTaskGroup(of: TeamID?.self) { group in
        for team in part {
          group.addTask {
            do throws(StoreError) {
              _ = try await store.noteLogKeyRotation(rotated, of: team, by: by)
              return nil
            } catch {
              guard case .notAllowed = error.reason else { throw error }
              return team
            }
          }
        }
        for try await refused in group {
          guard let refused else {
            logCount += 1
            continue
          }
          Console.current.note("The log of team \(refused) is halted and was not told.")
        }
      }
    }
    return logCount
  }
}

/// `tally keys retire`.
struct KeysRetireCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retire", abstract: "End a rotation: the previous key does not sign any more.",
    discussion: """
      To be run when every auditor has pinned the new vkey. A line of the operator's
      log tells of it, then the secret half is removed and the public half kept under
      the key's id. Restart the gateway that has the keys.

      Example:
        tally keys retire --reason "all auditors have the new vkey"
      """)

  @Option(help: "Which key: of the logs' heads, or of receipts.") var use: LogKeyUse = .checkpoint
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var keyFiles: KeyFileOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard administrator.reason != nil else { throw ValidationError("Say why with --reason.") }
  }

  func run() async throws {
    let files = KeyFiles(try database.reader(adding: keyFiles.flags)).rotation(of: use)
    let event = LogKeyRetired(use: use, vkey: try files.retiring())
    let by = administrator.administrator
    // The line first: a key that was retired is never without one, and cut off here the command is run again.
    let index = try await database.withStore { store in
      do throws(StoreError) {
        return try await store.noteLogKeyRetirement(event, by: by)
      } catch {
        guard case .notAllowed = error.reason else { throw error }
        throw CommandFailure(
          .failed, "the operator's log is halted and takes no line: `tally audit recover operator` first")
      }
    }
    let retired = try files.retire()
    var row = OutputRow()
    row.add("use", "USE", .string(use.rawValue))
    row.add("retiredVkey", "RETIRED VKEY", .string(retired.vkey))
    row.add("vkeyFile", "KEPT AS", .string(retired.kept.path))
    row.add("index", "LINE", .integer(index))
    try Console.current.show(row, asJSON: output.asJSON)
  }
}
