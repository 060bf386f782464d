package sqlite

import (
	"os"

	"golang.org/x/sys/windows"
)

// lockSuffix: the file itself is locked, far behind what SQLite reads and writes.
const lockSuffix = ""

// lock takes a file for this process alone. The system frees it when the
// process ends, however it ends.
func lock(f *os.File) error {
	return windows.LockFileEx(windows.Handle(f.Fd()),
		windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &windows.Overlapped{OffsetHigh: 1 << 30})
}
