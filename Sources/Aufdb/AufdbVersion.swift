// The version of aufdb, which exports and `--version` name.

/// The version of this library and of the command that comes with it.
public enum AufdbVersion {
  public static let current = "0.1.0"
}
