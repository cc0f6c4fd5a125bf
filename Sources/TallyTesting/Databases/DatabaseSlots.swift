/// How many tests may have a database at a time. A test framework starts all of its tests at once; without a limit they would
/// use up the server's connections and each other's deadlines.
actor DatabaseSlots {
  /// A test opens about ten connections, and a test server admits two hundred.
  static let shared = DatabaseSlots(count: 8)

  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(count: Int) { free = count }

  /// Waits for a slot.
  func take() async {
    guard free == 0 else {
      free -= 1
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  /// Gives a slot back; the test that has waited longest gets it.
  func giveBack() {
    guard waiting.isEmpty else { return waiting.removeFirst().resume() }
    free += 1
  }
}
