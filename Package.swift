// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

// Products of other packages, under the names that the targets below use.
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let hdrHistogram: Target.Dependency = .product(name: "Histogram", package: "hdrhistogram-swift")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
let hummingbirdTLS: Target.Dependency = .product(name: "HummingbirdTLS", package: "hummingbird")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let orderedCollections: Target.Dependency = .product(name: "OrderedCollections", package: "swift-collections")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")

// Set by Tests/Benchmarks/log-cost alone, which builds in a folder of its own: the store then keeps no audit log, and opens no
// database but the benchmark's.
let logSettings: [SwiftSetting] =
  Context.environment["TALLY_WITHOUT_LOG"] == "1" ? [.define("TALLY_WITHOUT_LOG")] : []

/// A library target of ours, with the settings that all of them share.
func library(
  _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil, with more: [SwiftSetting] = []
) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings + more)
}

/// A test target of ours, with the settings that all of them share.
func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
  .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

let package = Package(
  name: "tally",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "tally", targets: ["tally"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(
      url: "https://github.com/apple/swift-configuration", from: "1.4.0",
      traits: ["JSON", "CommandLineArguments"]),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // The rooms, from the bottom up. Arrows point down only (docs/architecture.md).
    .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CLibGD", pkgConfig: "gdlib", providers: [.apt(["libgd-dev"])]),
    // Where tests make the program die or stop; off unless the environment says otherwise.
    library("Failpoints"),
    library("Ledger", [crypto, orderedCollections]),
    // SHA-256 of two streams or sixteen lines at once, by the processor's own instructions.
    .target(name: "CSHA256"),
    library("TransparencyLog", ["CSHA256", crypto]),
    // Exports that finance takes away, and their check without network and database.
    library(
      "Audit", ["JSON", "Ledger", "TransparencyLog", crypto],
      resources: [.embedInCode("Bundles/README.txt"), .embedInCode("Bundles/verify.sh")]),
    library("Postgres", ["CLibPQ", deque, logging]),
    library("EmbeddedPostgres", ["Postgres", logging]),
    // The SQL files of migrations/, embedded in the program.
    .target(
      name: "Migrations", path: "migrations",
      resources: [
        .embedInCode("0001_ledger.up.sql"), .embedInCode("0001_ledger.down.sql"),
        .embedInCode("0002_recovery.up.sql"), .embedInCode("0002_recovery.down.sql"),
        .embedInCode("0003_audit.up.sql"), .embedInCode("0003_audit.down.sql"),
        .embedInCode("0004_evidence.up.sql"), .embedInCode("0004_evidence.down.sql"),
        .embedInCode("0005_reports.up.sql"), .embedInCode("0005_reports.down.sql"),
        .embedInCode("0006_sums.up.sql"), .embedInCode("0006_sums.down.sql"),
        .embedInCode("0007_halts.up.sql"), .embedInCode("0007_halts.down.sql"),
        .embedInCode("0008_packed.up.sql"), .embedInCode("0008_packed.down.sql"),
      ], swiftSettings: settings),
    library(
      "LedgerStore",
      ["Failpoints", "JSON", "Migrations", "Postgres", "Ledger", "TransparencyLog", crypto, deque, logging, metrics],
      with: logSettings),
    // What is taken away of a log: by the gateway and by the command line.
    library("Exports", ["Audit", "JSON", "Ledger", "LedgerStore", "TransparencyLog"]),
    library("Multipart", [nioCore]),
    library("JSON"),
    library("EventLoops", [hummingbirdCore, logging, nioCore]),
    library("Upstream", ["Failpoints", "JSON", asyncHTTPClient, logging, nioCore, nioHTTP1, nioPosix, nioSSL]),
    library(
      "Sandbox",
      [
        "CLibGD", "EventLoops", "JSON", "Multipart", crypto, deque, httpTypes, hummingbird, logging, nioCore, nioPosix,
        serviceLifecycle,
      ]),
    library(
      "Gateway",
      [
        "Audit", "EventLoops", "Exports", "Failpoints", "Ledger", "LedgerStore", "Multipart", "TransparencyLog",
        "Upstream", crypto, deque,
        httpTypes,
        hummingbird, hummingbirdCore, hummingbirdTLS, logging, metrics, nioCore, nioHTTP1, nioPosix, nioSSL,
        serviceLifecycle,
      ],
      resources: [.embedInCode("OpenAPI/openapi.json")]),
    library(
      "AdminCommands",
      [
        "Audit", "EmbeddedPostgres", "Exports", "Failpoints", "Gateway", "JSON", "Ledger", "LedgerStore", "Migrations",
        "Postgres",
        "Sandbox",
        "TransparencyLog", "Upstream", argumentParser, configuration, hdrHistogram, logging, metrics, nioCore, nioHTTP1,
        nioPosix, nioSSL,
        nioTLS, serviceLifecycle, unixSignals,
      ]),
    .executableTarget(name: "tally", dependencies: ["AdminCommands"], swiftSettings: settings),

    // What tests share: a throw-away database, processes, a fault proxy.
    library(
      "TallyTesting",
      [
        "EmbeddedPostgres", "Ledger", "LedgerStore", "Postgres", asyncHTTPClient, logging, nioCore, nioHTTP1, nioPosix,
      ]),

    tests("FailpointsTests", ["Failpoints"]),
    tests("LedgerTests", ["Ledger", "TransparencyLog"], resources: [.copy("Golden")]),
    tests("TransparencyLogTests", ["TallyTesting", "TransparencyLog", crypto]),
    tests("AuditTests", ["Audit", "Ledger", "TallyTesting", "TransparencyLog", crypto]),
    tests("PostgresTests", ["Postgres"]),
    tests("PostgresIntegrationTests", ["EmbeddedPostgres", "Postgres", "TallyTesting", logging]),
    tests("LedgerStoreTests", ["Ledger", "LedgerStore", "Migrations", "Postgres", "TallyTesting", "TransparencyLog"]),
    tests(
      "LedgerStoreIntegrationTests",
      [
        "Audit", "Exports", "Ledger", "LedgerStore", "Migrations", "Postgres", "TallyTesting", "TransparencyLog",
        crypto,
        logging,
      ]),
    tests("JSONTests", ["JSON"]),
    tests("EventLoopsTests", ["EventLoops", nioCore, nioPosix]),
    tests("MultipartTests", ["Multipart", nioCore]),
    tests("UpstreamTests", ["Upstream", logging, nioCore, nioHTTP1, nioPosix]),
    tests(
      "SandboxTests",
      ["CLibGD", "Sandbox", "Upstream", asyncHTTPClient, logging, nioCore, nioHTTP1, serviceLifecycle]),
    tests(
      "GatewayTests",
      [
        "Exports", "Gateway", "Ledger", "LedgerStore", "Multipart", "TallyTesting", "TransparencyLog", "Upstream",
        httpTypes,
        hummingbird,
        hummingbirdTesting, logging, metrics, nioCore, nioPosix, nioSSL, serviceLifecycle,
      ]),
    tests(
      "AdminCommandsTests",
      [
        "AdminCommands", "Gateway", "Ledger", "LedgerStore", "Sandbox", "TransparencyLog", "Upstream", argumentParser,
        logging,
      ]),
    tests(
      "SimulationTests",
      ["Gateway", "Ledger", "LedgerStore", "Postgres", "TallyTesting", "TransparencyLog", "Upstream"]),
    tests(
      "EndToEndTests",
      [
        "Audit", "EmbeddedPostgres", "Failpoints", "Ledger", "LedgerStore", "Postgres", "TallyTesting",
        "TransparencyLog", asyncHTTPClient, logging, nioCore, nioPosix,
      ]),
  ]
)
