import ArgumentParser
import Foundation
import NIOCore

/// `tally bench edits`.
struct BenchEditsCommand: AsyncParsableCommand {
  private static let maximumConnections = 20_000
  private static let maximumOutstanding = 1_000_000
  private static let imagePlaceholder = "@IMAGE@"

  static let configuration = CommandConfiguration(
    commandName: "edits", abstract: "Send edits to a gateway at a rate and measure their latency.",
    discussion: """
      With a number as --rate, requests are meant to start at equal distances
      whatever the gateway does, and latency counts from then on, waiting included.
      With max, each connection sends its next edit when it has its answer.
      Every request that was not answered with 200 is counted by its kind.

      The keys of the file are used in turn. `tally bench teams` makes teams with
      keys that have no rate limit. Without --image a small picture is uploaded
      for each key first. The edits are real: they are charged, and sent upstream.

      Examples:
        tally bench teams --teams 100 > keys.txt
        tally bench edits --key-file keys.txt --rate 200 --seconds 60
        tally bench edits --url http://127.0.0.1:8080 --key-file keys.txt --rate max --connections 256
      """)

  @Option(help: ArgumentHelp("The gateway, plain HTTP.", valueName: "url")) var url = "http://127.0.0.1:8080"
  @Option(help: ArgumentHelp("File with API keys, one on each line.", valueName: "file")) var keyFile: String?
  @Option(help: ArgumentHelp("Edits a second, or max.", valueName: "n")) var rate: BenchRate
  @Option(help: ArgumentHelp("How long is measured: 10, 30s, 5m.", valueName: "time")) var seconds = DurationArgument(
    seconds: 10)
  @Option(help: ArgumentHelp("How long the load runs before that.", valueName: "time")) var warmUp = DurationArgument(
    seconds: 2)
  @Option(help: ArgumentHelp("Connections, at most; with --rate max: exactly.", valueName: "n")) var connections = 256
  @Option(help: ArgumentHelp("Edits without an answer, at most; more are dropped and counted.", valueName: "n"))
  var outstanding = 10_000
  @Option(help: ArgumentHelp("How long an answer may take, from the edit's intended start.", valueName: "time"))
  var timeout = DurationArgument(seconds: 30)
  @Option(help: ArgumentHelp("Storage key of a picture that every key's team owns.", valueName: "key"))
  var image: String?
  @Option(
    help: ArgumentHelp(
      "File with the request's JSON; the text \(imagePlaceholder) in it becomes the picture's key.", valueName: "file"))
  var body: String?
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard LoadTarget(url) != nil else { throw ValidationError("--url takes a plain address: http://HOST:PORT") }
    try BenchLedgerCommand.check(connections, in: 1...Self.maximumConnections, "--connections")
    try BenchLedgerCommand.check(outstanding, in: 1...Self.maximumOutstanding, "--outstanding")
    guard seconds.seconds > 0, timeout.seconds > 0 else {
      throw ValidationError("--seconds and --timeout take at least 1.")
    }
    guard keyFile != nil else {
      throw ValidationError(
        """
        Edits need API keys. `tally bench teams > keys.txt` makes teams with keys for a benchmark; \
        `tally key issue TEAM USER --rate none` issues a single one. Then give --key-file keys.txt.
        """)
    }
  }

  func run() async throws {
    guard let target = LoadTarget(url), let keyFile else { return }
    let keys = try LoadKeys.read(keyFile)
    let template = try body.map(Self.readBody) ?? Self.defaultBody
    let images: [String] =
      if let image {
        Array(repeating: image, count: keys.count)
      } else if template.contains(Self.imagePlaceholder) {
        try await LoadUpload.pictures(for: keys, to: target)
      } else {
        Array(repeating: "", count: keys.count)
      }
    let requests = zip(keys, images).map { key, image in
      let body = ByteBuffer(string: template.replacingOccurrences(of: Self.imagePlaceholder, with: image))
      return LoadRequest(
        head: target.head("/api/features", key: key, contentType: "application/json", length: body.readableBytes),
        body: body)
    }
    let plan = EditLoad.Plan(
      target: target, requests: requests, perSecond: rate.perSecond, connections: connections,
      maximumOutstanding: outstanding, timeout: .seconds(timeout.seconds), warmUp: .seconds(warmUp.seconds),
      measured: .seconds(seconds.seconds))
    let counts = try await EditLoad.run(plan)
    try Console.current.show(BenchEditsReport(plan: plan, counts: counts).row, asJSON: output.asJSON)
    if counts.done == 0 { throw CommandFailure(.failed, "no edit was answered with 200") }
  }

  private static func readBody(_ path: String) throws -> String {
    guard let bytes = FileManager.default.contents(atPath: path), let text = String(bytes: bytes, encoding: .utf8)
    else {
      throw CommandFailure(.usage, "the file of --body cannot be read: \(path)")
    }
    return text
  }

  private static let usual = BenchEdit.Choice()
  private static let defaultBody = """
    {"type":"IMAGE_EDITOR","model":"\(usual.model)","promptObject":{"imageUrl":"\(imagePlaceholder)","prompt":\
    "\(BenchEdit.prompt(length: BenchEdit.usualPromptLength))","size":"\(usual.size)","n":1,\
    "quality":"\(usual.quality)","output_format":"png"}}
    """
}
