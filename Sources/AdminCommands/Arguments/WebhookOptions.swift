import ArgumentParser
package import Gateway

/// Where webhooks may go besides to the public.
struct WebhookOptions: ParsableArguments {
  @Option(
    name: .customLong("webhook-allow"),
    help: ArgumentHelp(
      """
      Hosts, addresses and blocks, with commas, that alerts may be sent to although they are private, or without TLS \
      (TALLY_WEBHOOK_ALLOW; default none).
      """, valueName: "hosts"))
  var webhookAllow: String?

  /// What was given as a flag.
  var flags: [Setting: String] {
    var flags: [Setting: String] = [:]
    flags[.webhookAllow] = webhookAllow
    return flags
  }
}

extension SettingsReader {
  /// Where webhooks may go besides to the public. Throws `CommandFailure` where the text names none of these.
  package func webhookAllowance() throws -> WebhookAllowance {
    guard let text = text(.webhookAllow) else { return WebhookAllowance() }
    guard let allowance = WebhookAllowance(text) else {
      throw SettingsReader.wrong(
        .webhookAllow,
        "host names, addresses and blocks of addresses with commas between them, like hooks.internal,127.0.0.1,10.0.0.0/8"
      )
    }
    return allowance
  }
}
