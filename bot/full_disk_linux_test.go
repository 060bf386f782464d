package bot_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// With no room left on the disk, people are told that nothing was recorded, and
// readiness says why; with room again, all goes on.
func TestProcess_FullDisk_SaysSoAndRecovers(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "muster.db")
	w, p, address := opened(t, "sqlite:"+file)
	w.Command(oncall, "#general", "/incident declare P2 Payments down")
	c := w.Channel("inc-1").ID
	awaitStatus(t, "http://"+address+"/readyz", http.StatusOK)

	wal, err := os.Stat(file + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	free := p.limitFiles(uint64(wal.Size()))
	for range 20 {
		if answer := w.Command(oncall, "#general", "/incident update INC-1 Still looking"); !says(answer, "Nothing was recorded") {
			t.Fatalf("told %q", answer.Text())
		}
	}
	awaitStatus(t, "http://"+address+"/readyz", http.StatusServiceUnavailable)
	if said := body(t, "http://"+address+"/readyz"); !strings.Contains(said, "can't be written") {
		t.Errorf("readiness says %s", said)
	}
	free()
	awaitStatus(t, "http://"+address+"/readyz", http.StatusOK)
	w.Command(oncall, "#general", "/incident update INC-1 Found it")
	w.ExpectMessage(c, "Found it")
	w.ExpectNoMessage(c, "Still looking")
}

// limitFiles lets no file of the process grow beyond a size, until free is called.
func (p *process) limitFiles(size uint64) (free func()) {
	p.t.Helper()
	var old unix.Rlimit
	set := func(limit *unix.Rlimit, before *unix.Rlimit) {
		if err := unix.Prlimit(p.cmd.Process.Pid, unix.RLIMIT_FSIZE, limit, before); err != nil {
			p.t.Fatal(err)
		}
	}
	set(nil, &old)
	set(&unix.Rlimit{Cur: size, Max: old.Max}, nil)
	return func() { set(&old, nil) }
}
