//go:build unix

package workspace

import (
	"os"
	"syscall"
)

// lock takes a file for this process alone. The kernel frees it when the
// process ends, even by a kill -9.
func lock(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
