package bot_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"muster/internal/rehearsal"
	"muster/internal/sandbox/clients"
	"muster/internal/sandbox/clients/slacktypes"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

// sent are all blocks and views that Muster sent in the tests of this package,
// each once.
var sent = layouts{all: map[slacktypes.Layout]bool{}}

type layouts struct {
	mu  sync.Mutex
	all map[slacktypes.Layout]bool
}

// add collects what is in a workspace's traffic.
func (l *layouts) add(t testing.TB, ws *sandboxtest.Client) {
	t.Helper()
	found, err := slacktypes.Sent(ws.Traffic(0))
	if err != nil {
		t.Error(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, layout := range found {
		l.all[layout] = true
	}
}

// errNothingSent is that the check checks nothing any more.
var errNothingSent = errors.New("there are none in the traffic of any test")

// check holds all of them against Slack's own types. There have to be some,
// unless only a part of the tests was to run.
func (l *layouts) check(part bool) error {
	switch {
	case len(l.all) == 0 && part:
		return nil
	case len(l.all) == 0:
		return errNothingSent
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	violations, err := slacktypes.Check(ctx, slices.Collect(maps.Keys(l.all)))
	if errors.Is(err, clients.ErrLeftOut) {
		fmt.Fprintf(os.Stderr, "the blocks and views that Muster sent, against Slack's own types: %v\n", err)
		return nil
	}
	for _, v := range violations {
		err = errors.Join(err, errors.New(v.String()))
	}
	return err
}

// selected tells whether only a part of the tests was to run.
func selected() bool {
	return slices.ContainsFunc([]string{"test.run", "test.skip", "test.list"}, func(name string) bool {
		return flag.Lookup(name).Value.String() != ""
	})
}

// thenTypes is all tests, and after them the check of what was sent meanwhile:
// once for all, since Node takes seconds to read the types.
type thenTypes struct{ *testing.M }

func (m thenTypes) Run() int {
	defer sandboxtest.RemoveBinary()
	status := m.M.Run()
	if err := sent.check(selected()); err != nil {
		fmt.Fprintf(os.Stderr, "the blocks and views that Muster sent, against Slack's own types:\n%v\n", err)
		return max(status, 1)
	}
	return status
}

func TestLayouts_NoneCollected_Fails(t *testing.T) {
	t.Parallel()
	var none layouts
	if err := none.check(false); !errors.Is(err, errNothingSent) {
		t.Errorf("after all tests: %v", err)
	}
	if err := none.check(true); err != nil {
		t.Errorf("after a part of them: %v", err)
	}
}

// Plays what `muster rehearse` plays, whose workspaces let
// nobody see their traffic.
func TestLayouts_OfRehearsals_AreCollected(t *testing.T) {
	t.Parallel()
	var handles []string
	for _, u := range workspace.People {
		handles = append(handles, u.Name)
	}
	for _, name := range rehearsal.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "muster.db"))
			scenario, err := rehearsal.Load(name, rehearsal.Known{Handles: handles, Policy: w.policy})
			if err != nil {
				t.Fatal(err)
			}
			report, err := scenario.Run(t.Context(), rehearsal.Options{URL: w.workspace.URL(), Policy: w.policy, Out: io.Discard})
			if err != nil || !report.Passed() {
				t.Errorf("%v\n%s", err, report.Summary())
			}
		})
	}
}
