import Synchronization

/// What all clients of a fault test remember: every wish, and whatever was heard of it.
final class Memory: Sendable {
  private struct Value {
    var wishes: [Wish] = []
    var heard: [Wish: Set<Heard>] = [:]
    var answers = 0
  }

  private let value = Mutex(Value())

  /// Remembers a wish before it is sent for the first time.
  func add(_ wish: Wish) {
    value.withLock { $0.wishes.append(wish) }
  }

  /// Remembers what was heard.
  func note(_ heard: Heard, of wish: Wish) {
    value.withLock { value in
      value.answers += 1
      value.heard[wish, default: []].insert(heard)
    }
  }

  /// Some wish from before, to be sent late.
  func anyWish(_ generator: inout some RandomNumberGenerator) -> Wish? {
    value.withLock { $0.wishes.randomElement(using: &generator) }
  }

  /// Some wish that was done, with the record that it was told.
  var someDone: (wish: Wish, record: String)? {
    value.withLock { value in
      for wish in value.wishes {
        for case .done(let record) in value.heard[wish] ?? [] { return (wish, record) }
      }
      return nil
    }
  }

  /// How many of something there are.
  var counts: (wishes: Int, answers: Int, done: Int, refused: Int, failed: Int) {
    value.withLock { value in
      func count(_ matches: (Heard) -> Bool) -> Int { value.heard.values.count { $0.contains(where: matches) } }
      return (
        value.wishes.count, value.answers, count { if case .done = $0 { true } else { false } },
        count { if case .refused = $0 { true } else { false } }, count { if case .failed = $0 { true } else { false } }
      )
    }
  }

  /// The records of every edit that anybody was told is done.
  var acknowledged: Set<String> {
    value.withLock { value in
      Set(value.heard.values.flatMap { $0 }.compactMap { if case .done(let record) = $0 { record } else { nil } })
    }
  }

  /// Wishes that heard two different final answers, and answers that must never be given.
  var contradictions: [String] {
    value.withLock { value in
      value.heard.compactMap { wish, heard in
        let final = heard.filter(\.isFinal)
        let wrong = heard.compactMap { if case .wrong(let text) = $0 { text } else { nil } }
        if final.count > 1 { return "\(wish.key) heard \(final)" }
        return wrong.first.map { "\(wish.key) heard \($0)" }
      }
    }
  }
}
