extension Migrations {
    /// The key by which a request that is made again is known.
    static let requestKeys = """
        ALTER TABLE requests ADD COLUMN key TEXT;
        CREATE UNIQUE INDEX requests_by_key ON requests (key) WHERE key IS NOT NULL;
        """
}
