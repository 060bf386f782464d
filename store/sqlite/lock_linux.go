package sqlite

// lockSuffix: the file itself is locked, which SQLite does in another way.
const lockSuffix = ""
