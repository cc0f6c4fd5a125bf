package import Metrics
import Synchronization

/// Keeps the program's metrics and writes them as Prometheus reads them (its text format, version 0.0.4): a backend of
/// swift-metrics, since no package for it is to be had.
///
/// The number of series is bounded: a label that takes too many values is counted together under `overflow="true"`.
package final class PrometheusRegistry: MetricsFactory {
  /// Metrics of different names.
  package static let maximumFamilies = 500
  /// Series of one metric, that is, combinations of its labels' values.
  package static let maximumSeries = 500

  /// What a metric is.
  enum Kind: String, Sendable {
    case counter
    case gauge
    case histogram
  }

  /// One combination of labels.
  enum Series: Sendable {
    case counter(CounterSeries)
    case gauge(GaugeSeries)
    case histogram(HistogramSeries)
  }

  /// All series of one name.
  struct Family: Sendable {
    var kind: Kind
    /// By their labels as they are written, without braces.
    var series: [String: Series] = [:]
  }

  private let families = Mutex<[String: Family]>([:])

  /// An empty registry.
  package init() {}

  /// The content type of `text`.
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// Everything, sorted by name and labels.
  package var text: String {
    PrometheusText.write(families.withLock { $0 })
  }

  /// A counter, named with `_total`.
  package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    let name = PrometheusText.name(label, suffix: "_total")
    let series = register(name, .counter, dimensions) { .counter(CounterSeries()) }
    if case .counter(let counter) = series { return counter }
    return CounterSeries()
  }

  /// A gauge.
  package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    let series = register(PrometheusText.name(label), .gauge, dimensions) { .gauge(GaugeSeries()) }
    if case .gauge(let gauge) = series { return gauge }
    return GaugeSeries()
  }

  /// A histogram of plain numbers where it aggregates, else a gauge.
  package func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    guard aggregate else {
      let series = register(PrometheusText.name(label), .gauge, dimensions) { .gauge(GaugeSeries()) }
      if case .gauge(let gauge) = series { return gauge }
      return GaugeSeries()
    }
    let bounds = HistogramSeries.numberBounds
    let series = register(PrometheusText.name(label), .histogram, dimensions) {
      .histogram(HistogramSeries(bounds: bounds))
    }
    if case .histogram(let histogram) = series { return histogram }
    return HistogramSeries(bounds: bounds)
  }

  /// A histogram of seconds, named with `_seconds`.
  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    let bounds = HistogramSeries.secondsBounds
    let series = register(PrometheusText.name(label, suffix: "_seconds"), .histogram, dimensions) {
      .histogram(HistogramSeries(bounds: bounds))
    }
    if case .histogram(let histogram) = series { return histogram }
    return HistogramSeries(bounds: bounds)
  }

  // Prometheus takes a series that vanishes for a restart, so what was made stays.
  /// Does nothing.
  package func destroyCounter(_ handler: any CounterHandler) {}
  /// Does nothing.
  package func destroyMeter(_ handler: any MeterHandler) {}
  /// Does nothing.
  package func destroyRecorder(_ handler: any RecorderHandler) {}
  /// Does nothing.
  package func destroyTimer(_ handler: any TimerHandler) {}

  /// The series of that name and these labels, made where it is new. Nil where the name is taken by a metric of another
  /// kind, or there are too many names: the caller's numbers then go nowhere.
  private func register(
    _ name: String, _ kind: Kind, _ dimensions: [(String, String)], _ make: () -> Series
  ) -> Series? {
    let labels = PrometheusText.labels(dimensions)
    return families.withLock { families in
      if families[name] == nil {
        guard families.count < PrometheusRegistry.maximumFamilies else { return nil }
        families[name] = Family(kind: kind)
      }
      guard families[name]?.kind == kind else { return nil }
      if let known = families[name]?.series[labels] { return known }
      let isFull = (families[name]?.series.count ?? 0) >= PrometheusRegistry.maximumSeries
      let place = isFull ? PrometheusText.overflowLabels : labels
      if let known = families[name]?.series[place] { return known }
      let made = make()
      families[name]?.series[place] = made
      return made
    }
  }
}
