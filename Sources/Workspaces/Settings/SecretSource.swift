/// Where the value of a secret comes from. The value itself is never part of a workspace.
public enum SecretSource: Sendable, Hashable {
    /// `env: NAME`: a variable of the environment.
    case environment(String)
    /// `file: PATH`: a file's text; a relative path begins at the workspace's folder.
    case file(String)
    /// `command: [PROGRAM, ARGUMENT, …]`: what a program prints.
    case command([String])
}
