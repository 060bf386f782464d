//go:build unix

package sqlite_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"muster/internal/incident"
	"muster/store/sqlite"
)

// fullDisk is the environment variable that makes a test the process whose disk
// is full: the limit on the size of files is the whole process's.
const fullDisk = "MUSTER_TEST_FULL_DISK"

// Where there is no room, each refusal is certain, the probe fails too, and all
// is well again once there is.
func TestFullDisk_CommitAndPing_AreRefusedForCertain(t *testing.T) {
	path := os.Getenv(fullDisk)
	if path == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		cmd.Env = append(os.Environ(), fullDisk+"="+filepath.Join(t.TempDir(), "muster.db"))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	s := reopen(t, path)
	done := 0
	for range 5 {
		done++
		if err := errors.Join(s.Commit(t.Context(), commit(done)), s.Ping(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
	wal, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	for _, room := range []uint64{0, 100, 4096, 5000, 9000} {
		free := limitFiles(t, uint64(wal.Size())+room)
		refused := 0
		for range 20 {
			err := s.Commit(t.Context(), commit(done+1))
			switch {
			case err == nil:
				done++
			case errors.Is(err, incident.ErrUnavailable):
				refused++
			default:
				t.Fatalf("nobody knows: %v", err)
			}
			expectVersion(t, s, done)
		}
		if refused == 0 {
			t.Errorf("with %d bytes of room, all was taken", room)
		}
		if pinged := s.Ping(t.Context()); !errors.Is(pinged, incident.ErrUnavailable) {
			t.Errorf("the probe said %v", pinged)
		}
		free()
	}
	if err := errors.Join(s.Ping(t.Context()), s.Commit(t.Context(), commit(done+1)), s.Close()); err != nil {
		t.Fatal(err)
	}
	s = reopen(t, path)
	expectVersion(t, s, done+1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// limitFiles lets no file grow beyond a size, until free is called.
func limitFiles(t *testing.T, size uint64) (free func()) {
	t.Helper()
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	limit := old
	limit.Cur = size
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
			t.Fatal(err)
		}
	}
}

func expectVersion(t *testing.T, s *sqlite.Store, want int) {
	t.Helper()
	inc, _, err := s.Load(t.Context(), incident.Ref{Number: 1}, "", incident.Want{})
	if err != nil || inc.Version != want {
		t.Fatalf("version %d (%v), want %d", inc.Version, err, want)
	}
}
