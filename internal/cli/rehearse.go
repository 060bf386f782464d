package cli

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
	"muster/internal/config"
	"muster/internal/lifecycle"
	"muster/internal/policy"
	"muster/internal/rehearsal"
	"muster/internal/sandbox"
	"muster/internal/sandbox/workspace"
)

const rehearseHelp = `Plays a written incident in a local workspace of its own, on a clock that is moved, and reports
whether Muster said and did what the scenario expects. It needs no Slack and touches no store.

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
	local, err := sandboxConfig("")
	if err != nil {
		return err
	}
	process, standIns := rehearsal.StandIns(cfg.Policy, local.Policy)
	scenario, err := rehearsal.Load(name, rehearsal.Known{Handles: handles(), Policy: process})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s (%s)\n%s\n", scenario.Title, scenario.File, printedStandIns(standIns))
	report, err := rehearse(ctx, scenario, process, out)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "\n%s", report.Summary()); err != nil {
		return fmt.Errorf("write the summary: %w", err)
	}
	switch {
	case report.Passed():
		return nil
	case len(report.Failures) == 0:
		return fmt.Errorf("rehearsal of %s: nothing was checked, because none of its expectations apply to this configuration", scenario.File)
	}
	return NotAsExpected{scenario.File, len(report.Failures)}
}

// NotAsExpected is a rehearsal that was played and failed.
type NotAsExpected struct {
	File     string
	Failures int
}

func (e NotAsExpected) Error() string {
	return fmt.Sprintf("rehearsal of %s: %d not as expected", e.File, e.Failures)
}

// handles returns what the workspace's people are called.
func handles() []string {
	var all []string
	for _, u := range workspace.People {
		all = append(all, u.Name)
	}
	return all
}

// printedStandIns says in which roles the workspace's people stand in for yours.
func printedStandIns(roles []policy.Role) string {
	if len(roles) == 0 {
		return ""
	}
	var names []string
	for _, r := range roles {
		names = append(names, string(r))
	}
	slices.Sort(names)
	return fmt.Sprintf("The local workspace doesn't know your people. Stand-ins play: %s.\n", strings.Join(names, ", "))
}

var errStopped = errors.New("rehearsal stopped before its end")

// rehearse plays a scenario in a workspace that nothing is kept of.
func rehearse(ctx context.Context, s rehearsal.Scenario, p policy.Policy, out io.Writer) (rehearsal.Report, error) {
	log, err := newLogger(zapcore.ErrorLevel, config.LogAuto)
	if err != nil {
		return rehearsal.Report{}, err
	}
	dir, err := os.MkdirTemp("", "muster-rehearsal-")
	if err != nil {
		return rehearsal.Report{}, fmt.Errorf("create a temporary directory: %w", err)
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
	play := func(ctx context.Context) error {
		defer done()
		report, played = s.Run(ctx, rehearsal.Options{URL: w.URL(), Policy: p, Out: out})
		if ctx.Err() != nil {
			played = errStopped
		}
		return nil // how it went is no failure of the services
	}
	err = lifecycle.Run(until, log,
		lifecycle.Service{Name: "rehearsal", Run: play},
		localBot(w, p, "sqlite:"+filepath.Join(dir, "muster.db"), log, func() {}),
		lifecycle.Service{Name: "workspace", Run: w.Run},
	)
	if err != nil {
		return rehearsal.Report{}, err
	}
	return report, played
}
