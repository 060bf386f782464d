//go:build unix && !linux

package sqlite

// lockSuffix: a lock on the file itself would shut out SQLite's own here.
const lockSuffix = ".lock"
