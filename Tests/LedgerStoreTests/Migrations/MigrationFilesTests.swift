import Foundation
import LedgerStore
import Migrations
import Testing

@Suite struct MigrationFilesTests {
  /// `migrations/` next to `Tests/`.
  private var folder: URL {
    var folder = URL(filePath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    return folder.appending(path: "migrations")
  }

  /// A file that is not embedded would never be applied.
  @Test func everySQLFileIsEmbeddedAsItIs() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".sql") }
    let listed = Migration.all.flatMap { [$0.fileName, $0.fileName.replacing(".up.sql", with: ".down.sql")] }
    #expect(Set(names) == Set(listed))
    for migration in Migration.all {
      let up = folder.appending(path: migration.fileName)
      let down = folder.appending(path: migration.fileName.replacing(".up.sql", with: ".down.sql"))
      #expect(migration.up == Array(try Data(contentsOf: up)))
      #expect(migration.down == Array(try Data(contentsOf: down)))
    }
  }

  @Test func versionsFollowEachOtherFromOne() {
    #expect(Migration.all.map(\.version) == Array(1...Migration.all.count))
    #expect(Migrator.expectedVersion == Migration.all.count)
  }
}
