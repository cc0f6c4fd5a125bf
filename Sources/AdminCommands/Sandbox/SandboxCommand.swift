import ArgumentParser
import Logging
import Sandbox

/// `tally sandbox`.
struct SandboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sandbox", abstract: "Run a stand-in upstream with real pictures and faults to order.",
    discussion: """
      It speaks the upstream's wire format and takes any key that is not empty.
      Rates are decimals from 0 to 1.

      Examples:
        tally sandbox --listen 127.0.0.1:9000
        tally sandbox --latency 200 --fail 0.05 --timeout-rate 0.01 --truth-log truth.jsonl
      """)

  @Option(help: ArgumentHelp("Where to listen; port 0 takes any free one.", valueName: "host:port")) var listen =
    "127.0.0.1:9000"
  @Option(help: ArgumentHelp("How long an edit takes, in milliseconds.", valueName: "ms")) var latency = 0
  @Option(help: ArgumentHelp("Share of edits that are refused with 400, without work.", valueName: "rate")) var fail =
    FaultRate.never
  @Option(help: ArgumentHelp("Share of edits that are done and never answered.", valueName: "rate")) var timeoutRate =
    FaultRate.never
  @Option(
    name: .customLong("bill-then-500"),
    help: ArgumentHelp("Share of edits that are done and answered with 500.", valueName: "rate"))
  var billThen500 = FaultRate.never
  @Option(
    help: ArgumentHelp("Decides which edits get which fault; the same number, the same faults.", valueName: "n"))
  var seed: UInt64 = 0
  @Option(help: ArgumentHelp("Append one JSON line for each call to this file.", valueName: "file"))
  var truthLog: String?
  @Option(help: ArgumentHelp("Least level of log lines.", valueName: "level")) var logLevel: String?
  @OptionGroup var output: OutputOptions

  func run() async throws {
    guard let address = ListenAddress(listen) else { throw ValidationError("--listen takes HOST:PORT.") }
    let settings = try SettingsReader(flags: logLevel.map { [.logLevel: $0] } ?? [:], file: nil)
    let sandbox = try Sandbox(
      configuration: SandboxConfiguration(
        host: address.host, port: address.port, latencyMilliseconds: latency, failRate: fail,
        timeoutRate: timeoutRate, billThen500Rate: billThen500, seed: seed, truthLogPath: truthLog),
      logger: try .forService(settings))
    let console = Console.current
    let asJSON = output.asJSON
    try await sandbox.run { port in
      console.announce(address.address(scheme: "http", port: port), asJSON: asJSON)
    }
  }
}

extension FaultRate: ExpressibleByArgument {
  package init?(argument: String) {
    self.init(argument)
  }

  package var defaultValueDescription: String { description }
}

extension Console {
  /// Says where a service listens: the line that scripts wait for.
  func announce(_ address: String, asJSON: Bool) {
    if asJSON, let text = try? Console.json(.object(["listening": .string(address)])) {
      line(text)
    } else {
      line("listening on \(address)")
    }
  }
}
