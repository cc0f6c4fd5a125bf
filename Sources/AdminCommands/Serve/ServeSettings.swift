import Foundation
package import Gateway
package import Upstream

/// What `tally serve` was told, checked before anything is started.
package struct ServeSettings: Sendable {
  /// Most requests a minute that a default rate may allow.
  static let maximumRate: Int64 = 1_000_000
  /// More lanes than this only make batches smaller.
  static let maximumLanes: Int64 = 64
  /// The longest that an upstream's answer is waited for: an hour.
  static let maximumUpstreamSeconds: Int64 = 3_600
  /// The longest lease: an hour.
  static let maximumLeaseSeconds: Int64 = 3_600
  /// The longest margin before a hold is in doubt: a day.
  static let maximumMarginSeconds: Int64 = 86_400

  /// Where the gateway listens, and its limits.
  package var gateway: GatewayConfiguration
  /// Where and how the upstream is reached, with its key.
  package var upstream: OneMinConfiguration
  /// Number of lanes.
  package var lanes: Int
  /// Times of leases and recovery.
  package var recovery: RecoverySettings
  /// Requests a minute that the upstream's account takes; 0: no limit.
  package var upstreamRate: Int
  /// Where alerts may be sent besides to the public.
  package var webhookAllowance: WebhookAllowance

  /// Checks the settings.
  ///
  /// Throws `CommandFailure` that names the setting at fault, `GatewayConfigurationError`, `OneMinConfigurationError`.
  package init(_ settings: SettingsReader, cores: Int = ProcessInfo.processInfo.activeProcessorCount) throws {
    let mode = settings.text(.upstreamMode)
    guard mode == "sync" || mode == "async" else { throw SettingsReader.wrong(.upstreamMode, "sync or async") }
    let timeout = try settings.duration(.upstreamTimeout, seconds: 1...ServeSettings.maximumUpstreamSeconds)
    gateway = try ServeSettings.gateway(settings, upstreamTimeout: timeout)
    gateway.submission.isAsync = mode == "async"
    lanes = Int(try settings.number(.lanes, in: 1...ServeSettings.maximumLanes) ?? Int64(max(1, cores)))
    let margin = try settings.duration(.inDoubtMargin, seconds: 1...ServeSettings.maximumMarginSeconds)
    recovery = RecoverySettings(
      lease: try settings.duration(.lease, seconds: 1...ServeSettings.maximumLeaseSeconds), heldAtMost: timeout + margin
    )
    upstreamRate = Int(try settings.number(.upstreamRate, in: 0...ServeSettings.maximumRate) ?? 0)
    webhookAllowance = try settings.webhookAllowance()
    upstream = try OneMinConfiguration(
      baseURL: gateway.upstreamURL, apiKey: try UpstreamKey.read(settings), timeout: timeout)
  }

  private static func gateway(_ settings: SettingsReader, upstreamTimeout: Duration) throws -> GatewayConfiguration {
    guard let listen = ListenAddress(settings.text(.listen) ?? "") else {
      throw SettingsReader.wrong(.listen, "HOST:PORT, or [ADDRESS]:PORT for IPv6")
    }
    var gateway = GatewayConfiguration(
      host: listen.host, port: listen.port, upstreamURL: settings.text(.upstreamURL) ?? "",
      upstreamTimeout: upstreamTimeout)
    gateway.publicURL = settings.text(.publicURL)
    gateway.tlsCertificatePath = settings.text(.tlsCertificate)
    gateway.tlsKeyPath = settings.text(.tlsKey)
    gateway.isInsecureAllowed = try settings.isOn(.insecure)
    if let rate = try settings.number(.rate, in: 0...ServeSettings.maximumRate) { gateway.ratePerMinute = Int(rate) }
    if settings.text(.shutdownGrace) != nil {
      gateway.shutdownGrace = try settings.duration(.shutdownGrace, seconds: 0...ServeSettings.maximumUpstreamSeconds)
    }
    try gateway.validate()
    return gateway
  }
}
