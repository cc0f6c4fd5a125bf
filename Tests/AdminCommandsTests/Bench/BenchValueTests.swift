import AdminCommands
import Foundation
import Gateway
import Testing

@Suite("What a benchmark measures with")
struct BenchValueTests {
  @Test("Percentiles are those of the durations, to three digits, and the maximum is exact")
  func percentilesAreThoseOfTheDurations() {
    var histogram = LatencyHistogram()
    #expect(histogram.microseconds(at: 50) == 0)
    for milliseconds in 1...1_000 { histogram.record(.milliseconds(milliseconds)) }
    #expect(histogram.count == 1_000)
    #expect(abs(histogram.microseconds(at: 50) - 500_000) <= 500)
    #expect(abs(histogram.microseconds(at: 99) - 990_000) <= 1_000)
    #expect(abs(histogram.microseconds(at: 100) - 1_000_000) <= 1_000)
    #expect(histogram.text.hasPrefix("p50 500."))
  }

  @Test("A time beyond the histogram's range is counted as its longest, never lost")
  func hugeTimesAreCounted() {
    var histogram = LatencyHistogram()
    histogram.record(.seconds(86_400))
    histogram.record(.seconds(-1))
    #expect(histogram.count == 2)
  }

  @Test(
    "A target is a plain address",
    arguments: [
      ("http://127.0.0.1:8080", "127.0.0.1", 8080, ""), ("http://gateway/", "gateway", 80, ""),
      ("http://[::1]:9/tally", "::1", 9, "/tally"),
    ])
  func targetIsAPlainAddress(text: String, host: String, port: Int, prefix: String) throws {
    let target = try #require(LoadTarget(text))
    #expect(target.host == host)
    #expect(target.port == port)
    #expect(target.pathPrefix == prefix)
  }

  @Test("No target", arguments: ["https://gateway", "gateway:80", "http://", "http://u@h", "http://h/?a=b", ""])
  func noTarget(text: String) {
    #expect(LoadTarget(text) == nil)
  }

  @Test("The picture is a PNG whose chunks have their checksums")
  func pictureIsAPicture() {
    let bytes = BenchPicture.png
    #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    // The last chunk of every PNG, with the checksum that the specification gives.
    #expect(Array(bytes.suffix(12)) == [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82])
  }

  @Test("A load without keys says how to get one")
  func loadWithoutKeysSaysHow() async {
    let run = await CommandRun.run("bench", "edits", "--rate", "1")
    #expect(run.status == 64)
    #expect(run.errors.contains("tally bench teams"))
    #expect(run.errors.contains("tally key issue"))
  }

  @Test("A file that holds no keys is refused, naming the line and nothing of it")
  func fileWithoutKeysIsRefused() async throws {
    let folder = try temporaryFolder()
    let file = folder.appending(path: "keys.txt")
    try Data("# keys\n\ntally_secret\n".utf8).write(to: file)
    let run = await CommandRun.run("bench", "edits", "--rate", "1", "--key-file", file.path)
    #expect(run.status == 64)
    #expect(run.errors.contains("line 3"))
    #expect(!run.errors.contains("tally_secret"))
  }
}
