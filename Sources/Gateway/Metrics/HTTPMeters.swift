package import Metrics
import Synchronization

/// What operators see of requests: `tally_http_requests_total` by route, method and status, and
/// `tally_http_request_seconds` by route.
package final class HTTPMeters: Sendable {
  private struct CounterKey: Hashable {
    var route: String
    var method: String
    var status: Int
  }

  private struct State {
    var counters: [CounterKey: Counter] = [:]
    var timers: [String: Metrics.Timer] = [:]
  }

  private let factory: any MetricsFactory
  private let state = Mutex(State())

  /// Meters that report to `factory`.
  package init(factory: any MetricsFactory) {
    self.factory = factory
  }

  /// Methods that are told apart; a client may invent any number of others.
  private static let knownMethods = ["GET", "POST", "HEAD", "PATCH", "PUT", "DELETE", "OPTIONS"]

  /// Notes a request. `route` is the route's pattern, never the path, so that the number of series stays small.
  package func record(route: String, method: String, status: Int, time: Duration) {
    let method = HTTPMeters.knownMethods.contains(method) ? method : "other"
    let (counter, timer) = state.withLock { state in
      let key = CounterKey(route: route, method: method, status: status)
      let counter =
        state.counters[key]
        ?? Counter(
          label: "tally_http_requests",
          dimensions: [("route", route), ("method", method), ("status", String(status))], factory: factory)
      state.counters[key] = counter
      let timer =
        state.timers[route]
        ?? Metrics.Timer(label: "tally_http_request", dimensions: [("route", route)], factory: factory)
      state.timers[route] = timer
      return (counter, timer)
    }
    counter.increment()
    timer.recordNanoseconds(time.wholeNanoseconds)
  }
}
