/// The one account of the stand-in: whoever calls, the upstream knows only the operator.
enum Account {
  static let teamID = "5a4d0b0e-0000-4000-8000-00000000a001"
  static let userID = "5a4d0b0e-0000-4000-8000-00000000b001"
  static let creditLimit: Int64 = 100_000_000
  static let since = "2025-01-01T00:00:00.000Z"

  /// The `teamUser` object of every answer.
  static func teamUser(usedCredits: Int64) -> String {
    """
    {"teamId":"\(teamID)","userId":"\(userID)","userName":"Sandbox","userAvatar":"https://example.com/avatar.jpg",\
    "status":"ACTIVE","role":"ADMIN","creditLimit":\(creditLimit),"usedCredit":\(usedCredits),\
    "createdAt":"\(since)","createdBy":"SYSTEM","updatedAt":"\(since)","updatedBy":"SYSTEM"}
    """
  }
}
