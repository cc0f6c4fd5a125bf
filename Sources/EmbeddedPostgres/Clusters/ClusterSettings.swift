/// What an embedded cluster is to be like.
package struct ClusterSettings: Sendable {
  /// The data folder; the cluster lies in `pg` below it.
  package var dataFolder: String
  /// Whether this process serves, or only runs one command.
  package var purpose: DataFolderLock.Purpose = .service
  /// How long to wait for a command that has the data folder.
  package var patience: Duration = .seconds(10)
  /// Where the socket shall be; `pg/run` in the data folder when nil.
  package var socketFolder: String?
  /// The number in the socket's name. It is a TCP port only where `parameters` set `listen_addresses`.
  package var port = 5432
  /// The role that owns the cluster, for migrations.
  package var superuser = "tally_admin"
  /// The role that the service logs in as. It owns nothing; migrations decide what it may do.
  package var loginRole = "tally_login"
  /// The database.
  package var database = "tally"
  /// The account that the server runs under when this process is root.
  package var serverAccount = "postgres"
  /// False for throw-away clusters only: nothing waits for the disk.
  package var isDurable = true
  /// Further parameters of the server; they win over ours.
  package var parameters: [(name: String, value: String)] = []
  /// How long the server may take until it answers. After a crash it reads back up to 4 GB of log first.
  package var startTimeout: Duration = .seconds(300)
  /// How long each step of stopping it may take: politely, firmly, by force.
  package var stopTimeout: Duration = .seconds(20)

  /// - Parameter dataFolder: the data folder, made when it is not there.
  package init(dataFolder: String) { self.dataFolder = dataFolder }
}
