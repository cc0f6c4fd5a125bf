import Audit
import Exports
import Foundation
import Ledger
import LedgerStore
import TransparencyLog

/// One run of `tally audit export`, once team and database are there.
struct ExportJob {
  let command: AuditExportCommand
  let team: LogOwner
  let store: LedgerStore
  let exports: LogExports
  let knownHead: SignedNote?
  /// Keys that signed before: the known head may be by one of them.
  let retiredKeys: [NoteVerifierKey]

  /// Exports, or goes on with an export. Throws `CommandFailure`, and what the export throws.
  func run() async throws {
    if command.isBundle {
      try command.resume ? await resumeBundle() : await makeBundle()
    } else {
      try await writeFile()
    }
  }

  // MARK: Bundles

  private func makeBundle() async throws {
    try checkFolder()
    let plan = try await plan()
    let range = try await exports.bundleRange(plan)
    tell(plan)
    try await exports.note(plan, id: .random(), by: command.administrator.administrator)
    try await fill(try BundleWriter(range, in: command.out))
  }

  private func resumeBundle() async throws {
    guard let range = try BundleRange(unfinishedIn: command.out) else {
      throw CommandFailure(.usage, "there is no cut export in \(command.out): leave out --resume")
    }
    guard range.team == team.id else {
      throw CommandFailure(.usage, "the export in \(command.out) is of another team, \(range.team)")
    }
    let writer = try BundleWriter(resuming: command.out)
    guard command.log.map({ $0.utf8.elementsEqual(writer.log.utf8) }) ?? true else {
      throw CommandFailure(.usage, "the export in \(command.out) is of another log, \(writer.log)")
    }
    try await fill(writer)
  }

  private func fill(_ writer: BundleWriter) async throws {
    let meter = ProgressLine(words: "lines exported")
    defer { meter.end() }
    let manifest = try await exports.fill(writer) { meter.show($0, of: $1) }
    meter.end()
    if let fault = writer.bookFault {
      Console.current.note("Warning: the books of this log are wrong: \(fault). The bundle shows it.")
    }
    var row = OutputRow()
    row.add("out", "Bundle", .string(command.out))
    row.add("format", nil, .string(ExportFormat.bundle.rawValue))
    row.add("teamId", nil, .id(team.id))
    row.add("log", "Log", .string(manifest.log))
    row.add("from", "From line", .integer(manifest.from))
    row.add("to", "To line", .integer(manifest.to))
    row.add("fromTime", "From", .optional(manifest.fromTime))
    row.add("toTime", "To", .optional(manifest.toTime))
    row.add("files", "Files", .integer(Int64(manifest.files.count)))
    row.add("edits", "Edits", .integer(manifest.totals.edits))
    row.add("charged", "Charged", .integer(manifest.totals.charged))
    row.add("credited", "Credited", .integer(manifest.totals.credited))
    try Console.current.show(row, asJSON: command.output.asJSON)
  }

  private func checkFolder() throws {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: command.out) else {
      guard !FileManager.default.fileExists(atPath: command.out) else {
        throw CommandFailure(.usage, "\(command.out) is no folder: name one that is not there yet")
      }
      return
    }
    guard !names.isEmpty else { return }
    guard (try? BundleRange(unfinishedIn: command.out)) == nil else {
      throw CommandFailure(
        .usage, "an export in \(command.out) was cut: go on with it by --resume, or name another folder")
    }
    throw CommandFailure(
      .usage, "\(command.out) is not empty: name a folder that is not there yet (--resume goes on with a cut export)")
  }

  // MARK: Files

  private func writeFile() async throws {
    let file = try command.resume ? ExportFile(resuming: command.out) : ExportFile(command.out)
    let plan: ExportPlan
    do {
      plan = try await self.plan(file.range)
      tell(plan)
      if !command.resume { try await exports.note(plan, id: .random(), by: command.administrator.administrator) }
      try file.begin(unfinished(plan))
    } catch {
      if !command.resume { file.forget() }
      throw error
    }
    let meter = ProgressLine(words: "lines read")
    defer { meter.end() }
    func take(_ bytes: [UInt8], _ next: Int64) throws {
      try file.write(bytes)
      meter.show(next - plan.start, of: plan.to - plan.start)
    }
    switch plan.request.content {
    case .lines:
      try await exports.writeLines(
        plan,
        after: { root in
          try file.forEachKeptLine { line in line.withUnsafeBytes { _ = root.append(line: $0) } }
        }, { try take($0, $1) })
    case .usage: try await exports.writeTable(.usage, plan) { try take($0, $1) }
    case .focus: try await exports.writeTable(.focus, plan) { try take($0, $1) }
    case .proofs: try await exports.writeProofs(plan, after: try file.lastIndexOfList()) { try take($0, $1) }
    case .bundle: break
    }
    try file.finish()
    meter.end()
    try await tellOfOtherLogs(plan)
    guard command.out != "-" else { return }
    var row = OutputRow()
    row.add("out", "File", .string(command.out))
    row.add("format", nil, .string(command.isFiltered ? "proofs" : command.form.rawValue))
    row.add("teamId", nil, .id(team.id))
    row.add("log", "Log", .string(plan.log))
    row.add("from", "From line", .integer(plan.from))
    row.add("to", "To line", .integer(plan.to))
    // As a bundle's manifest counts them.
    let headings: Int64 = plan.request.content == .usage || plan.request.content == .focus ? 1 : 0
    row.add("rows", "Rows", .integer(file.rows - headings))
    try Console.current.show(row, asJSON: command.output.asJSON)
  }

  // MARK: What it will hold

  private func unfinished(_ plan: ExportPlan) -> ExportFile.Unfinished {
    var kept = ExportFile.Unfinished(
      team: team.id, log: plan.log, format: command.form, from: plan.from, to: plan.to)
    kept.filters = plan.request.content.filters?.text
    if kept.filters != nil { kept.head = plan.head.map { String(decoding: $0.note, as: UTF8.self) } }
    return kept
  }

  private func plan(_ kept: ExportFile.Unfinished? = nil) async throws -> ExportPlan {
    let now = Timestamp.now()
    var request = ExportRequest(team: team.id, content: try await content())
    request.from = try command.from?.resolved(timeZone: team.timeZone, now: now)
    request.to = try command.to?.resolved(timeZone: team.timeZone, now: now)
    request.log = command.log
    if let kept {
      guard kept.team == team.id, kept.format == command.form else {
        throw CommandFailure(.usage, "the export in \(command.out) is of another team or format")
      }
      guard kept.filters == request.content.filters?.text else {
        throw CommandFailure(
          .usage, "the export in \(command.out) is \(kept.filters.map { "of the lines of \($0)" } ?? "no list")")
      }
      request.listHead = try kept.head.map { try SignedNote(bytes: Array($0.utf8)) }
      if let log = kept.log {
        guard command.log.map({ $0.utf8.elementsEqual(log.utf8) }) ?? true else {
          throw CommandFailure(.usage, "the export in \(command.out) is of another log, \(log)")
        }
        request.log = log
      }
      (request.from, request.to) = (.index(kept.from), .index(kept.to))
    }
    request.withPrivate = command.withPrivate
    request.knownHead = knownHead
    request.retiredKeys = retiredKeys
    request.takesShortHead = true
    return try await exports.plan(request, now: now)
  }

  private func content() async throws -> ExportRequest.Content {
    if command.isFiltered {
      var filters = ExportCreated.Filters(key: command.key, record: command.record)
      filters.action = command.action.flatMap(Action.init(rawValue:))
      if let user = command.user { filters.member = try await store.member(of: team.id, userID: user).id }
      return .proofs(filters)
    }
    return switch command.form {
    case .bundle: .bundle
    case .jsonl: .lines
    case .csv: .usage
    case .focus: .focus
    }
  }

  /// Says where the export will not hold exactly what was asked for.
  private func tell(_ plan: ExportPlan) {
    if command.isBundle, plan.start < plan.from {
      Console.current.note(
        "The bundle begins at line \(plan.start), not \(plan.from): that is where the books before it are known.")
    }
    guard plan.isHeadShort, let head = plan.head else { return }
    let covered = "covers \(head.size) of the log's \(plan.logSize) lines"
    Console.current.note(
      plan.source.isReplaced
        ? "The newest signed head that this log leads to \(covered): nothing proves the others any more, and they are to be had "
          + "as lines alone (--format jsonl)."
        : "The newest signed head \(covered): the rest is for a later export.")
  }

  /// Says where else lines of the edit stand that a list was made of: in a log before a loss, or behind one.
  private func tellOfOtherLogs(_ plan: ExportPlan) async throws {
    guard let id = plan.request.content.filters?.record, let record = try await store.record(id, of: team.id) else {
      return
    }
    let places = [record.holdIndex, record.resolveIndex].compactMap(\.self)
    let others = try await store.logs(of: team.id).filter { log in
      log.origin != plan.log && places.contains { log.holds(place: $0) }
    }
    guard !others.isEmpty else { return }
    Console.current.note(
      "Lines of this edit stand in another log of the team: \(others.map { "--log \($0.origin)" }.joined(separator: ", "))."
    )
  }
}

extension ExportCreated.Filters {
  /// The filters as a person would give them, each with the id that it named.
  fileprivate var text: String {
    let parts = [
      action.map { "--action \($0.rawValue)" }, member.map { "member \($0)" }, key.map { "--key \($0)" },
      record.map { "--record \($0)" },
    ]
    return parts.compactMap(\.self).joined(separator: ", ")
  }
}
