import Testing

/// Everything that runs the built program. One after the other: each test has several servers, and the machine few cores.
@Suite("End to end", .serialized)
enum EndToEnd {}
