package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/pflag"
	"go.uber.org/zap/zapcore"

	"muster/deploy"
	"muster/internal/incident"
	"muster/internal/rehearsal"
	"muster/internal/sandbox"
	"muster/internal/sandbox/workspace"
)

// RehearseHelp says what a rehearsal is.
const RehearseHelp = `Runs a scripted incident in its own local workspace on a simulated clock, and reports whether
Muster did what the scenario expects. It needs no Slack and touches no store.

  muster rehearse                                   the scenario p0
  muster rehearse p1 --config muster.yaml           the same, with your own configuration
  muster rehearse our-drill.yaml                    your own scenario (docs/rehearsal.md)

p0 is acknowledged and takes a working day; nobody acknowledges p1; security is private.
Exit status: 0 as expected, 1 not as expected, 2 not run to the end.`

// RehearseOptions are the flags of `muster rehearse`.
type RehearseOptions struct{ Config string }

// Flags adds the flags.
func (o *RehearseOptions) Flags(f *pflag.FlagSet) {
	f.StringVar(&o.Config, "config", "", "configuration (default: a sample that fits the local workspace)")
}

// Rehearse is `muster rehearse [SCENARIO]`. Its error is a [NotAsExpected] where
// Muster did something else than the scenario expects.
func Rehearse(ctx context.Context, args []string, o RehearseOptions, out io.Writer) error {
	signal.Ignore(syscall.SIGPIPE) // a reader that goes away ends it in order, and leaves no files behind
	name := "p0"
	if len(args) > 0 {
		name = args[0]
	}
	cfg, err := sandboxConfig(o.Config)
	if err != nil {
		return err
	}
	players, err := sandboxConfig("")
	if err != nil {
		return err
	}
	policy, replaced := rehearsal.StandIns(cfg.Policy, players.Policy)
	scenario, err := rehearsal.Load(name, rehearsal.Known{Handles: handles(), Policy: policy})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s (%s)\n%s\n", scenario.Title, scenario.File, standIns(replaced))
	report, err := rehearse(ctx, scenario, policy, out)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "\n%s", report.Summary()); err != nil {
		return fmt.Errorf("write how it went: %w", err)
	}
	switch {
	case report.Passed():
		return nil
	case len(report.Failures) == 0:
		return fmt.Errorf("rehearsal of %s: nothing was checked, because none of its expectations apply to this configuration", scenario.File)
	}
	return NotAsExpected{scenario.File, len(report.Failures)}
}

// Status is the exit status of a command that ended with an error: 1, but 2 for a
// rehearsal that tells nothing of Muster, since it could not be played to its end.
func Status(command string, err error) int {
	if _, played := errors.AsType[NotAsExpected](err); command == "rehearse" && !played {
		return 2
	}
	return 1
}

// NotAsExpected is a rehearsal that was played and failed.
type NotAsExpected struct {
	File     string
	Failures int
}

func (e NotAsExpected) Error() string {
	return fmt.Sprintf("rehearsal of %s: %d not as expected", e.File, e.Failures)
}

// handles are what the workspace's people are called.
func handles() []string {
	var all []string
	for _, u := range workspace.People {
		all = append(all, u.Name)
	}
	return all
}

// standIns says for whom the workspace's people stand in.
func standIns(replaced []incident.Role) string {
	if len(replaced) == 0 {
		return ""
	}
	var names []string
	for _, r := range replaced {
		names = append(names, string(r))
	}
	slices.Sort(names)
	return fmt.Sprintf("The local workspace doesn't know your people. Stand-ins play: %s.\n", strings.Join(names, ", "))
}

var errStopped = errors.New("the rehearsal was stopped before the end")

// rehearse plays a scenario in a workspace that nothing is kept of.
func rehearse(ctx context.Context, s rehearsal.Scenario, p incident.Policy, out io.Writer) (rehearsal.Report, error) {
	log, err := newLogger(zapcore.ErrorLevel)
	if err != nil {
		return rehearsal.Report{}, err
	}
	dir, err := os.MkdirTemp("", "muster-rehearsal-")
	if err != nil {
		return rehearsal.Report{}, fmt.Errorf("make a folder for this rehearsal: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	w, err := sandbox.Open(sandbox.Options{Listen: "127.0.0.1:0", Log: log.Named("sandbox"), Manifest: deploy.Manifest})
	if err != nil {
		return rehearsal.Report{}, err
	}
	until, done := context.WithCancel(ctx)
	defer done()
	var report rehearsal.Report
	played := errStopped
	err = runStages(until, log,
		stage{"rehearsal", func(ctx context.Context) error {
			defer done()
			report, played = s.Run(ctx, rehearsal.Options{URL: w.URL(), Policy: p, Out: out})
			if ctx.Err() != nil {
				played = errStopped
			}
			return nil // what came of it is no matter of the loops
		}},
		stage{"muster", beside(w, p, "sqlite:"+filepath.Join(dir, "muster.db"), log, func() {})},
		stage{"workspace", w.Run},
	)
	if err != nil {
		return rehearsal.Report{}, err
	}
	return report, played
}
