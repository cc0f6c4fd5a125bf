import Foundation
import Postgres
import TallyTesting

/// Processes of `tally` and a database that live some time ago: their clocks run as usual, so many seconds behind.
///
/// A small library that is loaded before all others answers what processes ask the system for the time; the database has
/// another `clock_timestamp()` before PostgreSQL's own, for logins from now on.
struct ShiftedWorld: Sendable {
  /// A C compiler of this machine; nil: there is none.
  static let compiler = ["clang", "cc"].first { FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)") }

  /// What a process that is to live there is started with.
  let environment: [String: String]
  private let world: World
  private let seconds: Int64

  /// Sets the database's clock, and makes the library.
  /// - Parameter seconds: how long ago it is.
  static func make(in world: World, ago seconds: Int64) async throws -> ShiftedWorld {
    let source = world.folder.appending(path: "shift.c")
    let library = world.folder.appending(path: "shift.so")
    try Data(Self.source.utf8).write(to: source)
    let made = try await SystemProgram.run(
      compiler ?? "cc", ["-shared", "-fPIC", "-O1", "-o", library.path, source.path])
    guard made == 0 else { throw ProcessFailure("the compiler of C ended with \(made)") }
    try await world.execute(
      """
      CREATE SCHEMA shifted;
      CREATE FUNCTION shifted.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE SET search_path = pg_catalog
        AS $$ SELECT pg_catalog.clock_timestamp() - make_interval(secs => \(seconds)) $$;
      GRANT USAGE ON SCHEMA shifted TO PUBLIC;
      DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET search_path = shifted, pg_catalog', current_database());
      END $$
      """)
    return ShiftedWorld(
      environment: ["LD_PRELOAD": library.path, "SHIFTED_SECONDS": "\(seconds)"], world: world, seconds: seconds)
  }

  /// Who logs in from now on has the present's clock.
  func end() async throws {
    try await world.execute(
      "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET search_path', current_database()); END $$")
  }

  /// The time there.
  var now: Date { Date() - TimeInterval(seconds) }

  /// Runs a command that must succeed, and answers what it printed.
  func json(_ arguments: String...) async throws -> JSONNode {
    let answer = try await world.tally.run(arguments + ["--json"], environment: environment)
    guard answer.status == 0 else { throw ProcessFailure("tally \(arguments): \(answer.errors)") }
    return answer.json
  }

  /// The system is asked itself, since the C library's own answer never leaves the process.
  private static let source = """
    #define _GNU_SOURCE
    #include <stdlib.h>
    #include <sys/syscall.h>
    #include <sys/time.h>
    #include <time.h>
    #include <unistd.h>

    static long shift(void) {
      const char *text = getenv("SHIFTED_SECONDS");
      return text ? atol(text) : 0;
    }

    int clock_gettime(clockid_t clock, struct timespec *time) {
      int result = (int)syscall(SYS_clock_gettime, clock, time);
      if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec -= shift();
      return result;
    }

    int gettimeofday(struct timeval *restrict time, void *restrict zone) {
      struct timespec now;
      int result = clock_gettime(CLOCK_REALTIME, &now);
      (void)zone;
      time->tv_sec = now.tv_sec;
      time->tv_usec = now.tv_nsec / 1000;
      return result;
    }

    time_t time(time_t *place) {
      struct timespec now;
      clock_gettime(CLOCK_REALTIME, &now);
      if (place) *place = now.tv_sec;
      return now.tv_sec;
    }
    """
}
