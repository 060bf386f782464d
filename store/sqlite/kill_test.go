package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"muster/internal/incident"
	"muster/store/sqlite"
)

// victim is the environment variable that makes this test binary the process
// to be killed: it commits to the file that is named, for ever.
const victim = "MUSTER_TEST_VICTIM"

func TestMain(m *testing.M) {
	if path := os.Getenv(victim); path != "" {
		commitForEver(path)
	}
	verify(m)
}

// commitForEver prints the number of each commit once it is acknowledged. Each
// of its writers has an incident of its own.
func commitForEver(path string) {
	s, err := sqlite.Open(path, "T1")
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	var numbers, printing sync.Mutex
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			var c incident.Commit
			numbers.Lock()
			i, _, err := s.Load(context.Background(), incident.Ref{}, "", incident.Want{})
			for n := 1; err == nil; n++ {
				c = commit(n)
				c.Key = fmt.Sprintf("%d-%d", i.Number, n)
				only := &c.Changes[0]
				only.After.Number, only.Summary.Number, only.Timers[0].Number = i.Number, i.Number, i.Number
				err = s.Commit(context.Background(), c)
				if n == 1 {
					numbers.Unlock()
				}
				if err == nil {
					printing.Lock()
					fmt.Printf("%d %d\n", i.Number, n)
					printing.Unlock()
				}
			}
			fmt.Println(err)
			os.Exit(1)
		})
	}
	group.Wait()
}

// A process that is killed loses nothing that it acknowledged, and leaves no
// half of anything.
func TestKilledProcessLosesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "muster.db")
	acked := map[incident.Number]int{}
	for round := range 5 {
		killAfter(t, path, 50+40*round, acked)
		check(t, path, acked)
	}
}

// killAfter lets a process commit so often, kills it, and notes what it acknowledged.
func killAfter(t *testing.T, path string, commits int, acked map[incident.Number]int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victim+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for lines := bufio.NewScanner(out); lines.Scan(); seen++ {
		var number incident.Number
		var version int
		if _, err := fmt.Sscan(lines.Text(), &number, &version); err != nil {
			t.Fatalf("the process says %q", lines.Text())
		}
		acked[number] = max(acked[number], version)
		if seen == commits {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || seen < commits {
		t.Fatalf("the process ended by itself after %d commits: %v", seen, err)
	}
}

func check(t *testing.T, path string, acked map[incident.Number]int) {
	t.Helper()
	s := reopen(t, path)
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	for number, version := range acked {
		i, _, err := s.Load(t.Context(), incident.Ref{Number: number}, "", incident.Want{})
		if err != nil {
			t.Fatal(err)
		}
		if i.Version < version {
			t.Errorf("%s: version %d was acknowledged, %d is there", number, version, i.Version)
		}
		entries, err := s.Timeline(t.Context(), number)
		if err != nil || len(entries) != i.Version {
			t.Errorf("%s: version %d has %d entries (%v)", number, i.Version, len(entries), err)
		}
		key := strconv.Itoa(int(number)) + "-" + strconv.Itoa(i.Version)
		if _, repeated, err := s.Load(t.Context(), incident.Ref{}, key, incident.Want{}); err != nil || !repeated {
			t.Errorf("%s: the key of version %d is not there (%v)", number, i.Version, err)
		}
	}
}
