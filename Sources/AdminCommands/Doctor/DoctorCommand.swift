import ArgumentParser
import Foundation
import Logging

/// `tally doctor`.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Look whether everything is in place that a gateway needs.",
    discussion: """
      Takes the settings of `tally serve` and changes nothing. Exit status 1 when a
      check fails.

      Example:
        tally doctor --data-dir /var/lib/tally
      """)

  @OptionGroup var database: DatabaseOptions
  @OptionGroup var upstream: UpstreamOptions
  @OptionGroup var keyFiles: KeyFileOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let settings = try database.reader(adding: upstream.flags.merging(keyFiles.flags) { own, _ in own })
    let folder = DataFolder(path: settings.text(.dataFolder) ?? "")
    let isEmbedded = settings.text(.databaseURL) == nil
    var checks = [
      MachineChecks.clientLibrary(), await MachineChecks.serverPrograms(isEmbedded: isEmbedded),
      MachineChecks.dataFolder(folder), MachineChecks.diskSpace(folder),
    ]
    checks += await DatabaseChecks.all(settings, folder: folder, logger: try .forCommands(settings))
    checks.append(
      MachineChecks.signingKeys(
        KeyFiles(settings), logName: settings.text(.logName) ?? "", isEmbedded: isEmbedded))
    checks.append(
      await HealthCheck.running("upstream key") {
        _ = try UpstreamKey.read(settings)
        return HealthCheck("upstream key", .ok, "set")
      })
    checks.append(await UpstreamCheck.run(settings.text(.upstreamURL) ?? ""))
    try show(checks)
    if checks.contains(where: { $0.verdict == .fail }) { throw CommandFailure(.failed, "") }
  }

  private func show(_ checks: [HealthCheck]) throws {
    guard output.asJSON else {
      return try Console.current.show(checks.map { OutputRow($0) }, asJSON: false, whenEmpty: "")
    }
    var row = OutputRow()
    row.add("ok", nil, .boolean(!checks.contains { $0.verdict == .fail }))
    row.add("checks", nil, .list(checks.map { OutputRow($0).object }))
    try Console.current.show(row, asJSON: true)
  }
}
