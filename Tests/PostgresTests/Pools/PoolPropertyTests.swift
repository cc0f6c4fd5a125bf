import Postgres
import Testing

/// Random traces against a model that knows only what a caller may expect.
@Suite struct PoolPropertyTests {
  /// What the outside knows.
  private struct World {
    var pool: PoolStateMachine
    var now = ContinuousClock.now
    let maximumSize: Int
    var connecting: Set<Int> = []
    var idle: Set<Int> = []
    var leased: Set<Int> = []
    var line: [Int] = []
    var nextCaller = 0
    var served = 0
  }

  @Test(arguments: TestSeed.seeds(count: 40))
  func neverMoreThanTheSizeAndServedInOrder(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let size = Int.random(in: 1...4, using: &random)
    let configuration = PoolConfiguration(
      maximumSize: size, minimumSize: Int.random(in: 0...size, using: &random),
      maximumWaiters: Int.random(in: 0...5, using: &random), maximumIdleTime: .seconds(20))
    var world = World(pool: PoolStateMachine(configuration), maximumSize: size)
    for _ in 0..<500 {
      step(&world, &random)
      check(world, seed)
    }
    finish(&world, seed)
  }

  private func step(_ world: inout World, _ random: inout SeededGenerator) {
    world.now += .seconds(Int.random(in: 0...3, using: &random))
    switch Int.random(in: 0..<10, using: &random) {
    case 0...3: acquire(&world)
    case 4: if let caller = world.line.randomElement(using: &random) { giveUp(caller, &world) }
    case 5...6:
      if let id = world.connecting.sorted().randomElement(using: &random) {
        connect(id, succeeds: Int.random(in: 0..<4, using: &random) > 0, &world)
      }
    case 7...8:
      if let id = world.leased.sorted().randomElement(using: &random) {
        release(id, isReusable: Int.random(in: 0..<5, using: &random) > 0, &world)
      }
    default:
      let work = world.pool.maintain(now: world.now)
      for id in work.close { #expect(world.idle.remove(id) != nil, "only idle ones are closed") }
      world.connecting.formUnion(work.connect)
    }
  }

  private func acquire(_ world: inout World) {
    world.nextCaller += 1
    let caller = world.nextCaller
    switch world.pool.acquire(caller) {
    case .lease(let id):
      #expect(world.line.isEmpty, "nobody overtakes")
      #expect(world.idle.remove(id) != nil)
      world.leased.insert(id)
    case .wait(let connect):
      world.line.append(caller)
      if let connect { world.connecting.insert(connect) }
    case .refuseExhausted: #expect(world.connecting.count + world.leased.count == world.maximumSize)
    case .refuseClosed: Issue.record("the pool is open")
    }
  }

  private func giveUp(_ caller: Int, _ world: inout World) {
    #expect(world.pool.giveUp(caller) == true)
    world.line.removeAll { $0 == caller }
  }

  private func connect(_ id: Int, succeeds: Bool, _ world: inout World) {
    world.connecting.remove(id)
    guard succeeds else {
      for caller in world.pool.connectFailed(id) {
        #expect(world.connecting.isEmpty && world.leased.isEmpty && world.idle.isEmpty)
        world.line.removeAll { $0 == caller }
      }
      return
    }
    perform(world.pool.connected(id, now: world.now, lifetime: .seconds(60)), id, &world)
  }

  private func release(_ id: Int, isReusable: Bool, _ world: inout World) {
    world.leased.remove(id)
    perform(world.pool.released(id, now: world.now, isReusable: isReusable), id, &world)
  }

  private func perform(_ placed: PoolStateMachine.Placed, _ id: Int, _ world: inout World) {
    switch placed {
    case .hand(let caller):
      #expect(world.line.first == caller, "the first in line, who has not given up")
      world.line.removeFirst()
      world.leased.insert(id)
      world.served += 1
    case .park:
      #expect(world.line.isEmpty, "nobody waits beside an idle connection")
      world.idle.insert(id)
    case .close(let connect): if let connect { world.connecting.insert(connect) }
    }
  }

  private func check(_ world: World, _ seed: UInt64) {
    let statistics = world.pool.statistics
    #expect(statistics.size <= world.maximumSize, "seed \(seed)")
    #expect(statistics.connecting == world.connecting.count, "seed \(seed)")
    #expect(statistics.idle == world.idle.count, "seed \(seed)")
    #expect(statistics.leased == world.leased.count, "seed \(seed)")
    #expect(statistics.waiting == world.line.count, "seed \(seed)")
    #expect(world.line.isEmpty || world.idle.isEmpty, "seed \(seed)")
    #expect(world.line.isEmpty || statistics.size > 0, "nobody waits for nothing, seed \(seed)")
  }

  /// Everybody is answered in the end, and a closed pool empties.
  private func finish(_ world: inout World, _ seed: UInt64) {
    while let id = world.leased.min() ?? world.connecting.min() {
      if world.leased.contains(id) {
        release(id, isReusable: true, &world)
      } else {
        connect(id, succeeds: true, &world)
      }
    }
    #expect(world.line.isEmpty, "seed \(seed)")
    #expect(world.served > 0, "the trace did nothing, seed \(seed)")
    for id in world.pool.close().close { world.idle.remove(id) }
    #expect(world.idle.isEmpty && world.pool.isEmpty, "seed \(seed)")
  }
}
