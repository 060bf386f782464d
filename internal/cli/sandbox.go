package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"muster/bot"
	"muster/deploy"
	"muster/internal/config"
	"muster/internal/lifecycle"
	"muster/internal/policy"
	"muster/internal/sandbox"
	"muster/internal/yamlfile"
)

// SandboxOptions are the flags of `muster sandbox`.
type SandboxOptions struct {
	Listen   string
	Data     string
	Config   string
	Store    string
	Bot      bool
	Manifest string
}

// What `muster sandbox` prints when it is ready.
const (
	readyText = `
  The workspace is open at %s

  Type /incident there. Stop with Ctrl-C.

`
	withoutBotText = `
  The workspace is open at %s

  Connect a bot to it:

    SLACK_API_URL=%s/api/ \
    SLACK_BOT_TOKEN=%s \
    SLACK_APP_TOKEN=%s \
    muster run

  The clock moves only the workspace; a bot in another process keeps real time.
  Stop with Ctrl-C.

`
)

// Flags adds the flags, with what holds where they are not given.
func (o *SandboxOptions) Flags(f *pflag.FlagSet) {
	f.StringVar(&o.Listen, "listen", "127.0.0.1:8065", "address of the page and the API; loopback only")
	f.StringVar(&o.Data, "data", "", "directory for the workspace and the incidents (default: nothing is kept)")
	f.StringVar(&o.Config, "config", "", "configuration (default: a sample that fits the local workspace)")
	f.StringVar(&o.Store, "store", "", "store URL (default: SQLite in the data directory)")
	f.BoolVar(&o.Bot, "bot", true, "run Muster beside the workspace; --bot=false runs the workspace alone")
	f.StringVar(&o.Manifest, "manifest", "", "your own app's manifest, YAML or JSON, with --bot=false (default: Muster's)")
}

// Sandbox is `muster sandbox`: a local workspace, and Muster connected to it
// just as to Slack.
func Sandbox(ctx context.Context, o SandboxOptions, out io.Writer) error {
	cfg, err := sandboxConfig(o.Config)
	if err != nil {
		return err
	}
	manifest, err := sandboxManifest(o)
	if err != nil {
		return err
	}
	log, err := newLogger(zapcore.WarnLevel, config.LogAuto)
	if err != nil {
		return err
	}
	if o.Data == "" && o.Store == "" {
		dir, err := os.MkdirTemp("", "muster-sandbox-")
		if err != nil {
			return fmt.Errorf("create a temporary directory: %w", err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		o.Store = "sqlite:" + filepath.Join(dir, "muster.db")
	}
	if o.Store == "" {
		o.Store = "sqlite:" + filepath.Join(o.Data, "muster.db")
	}
	w, err := sandbox.Open(sandbox.Options{Listen: o.Listen, Data: o.Data, Log: log.Named("sandbox"), Manifest: manifest})
	if err != nil {
		return err
	}
	workspace := lifecycle.Service{Name: "workspace", Run: w.Run}
	if !o.Bot {
		fmt.Fprintf(out, withoutBotText, w.URL(), w.URL(), w.BotToken(), w.AppToken())
		return lifecycle.Run(ctx, log, workspace)
	}
	ready := func() { fmt.Fprintf(out, readyText, w.URL()) }
	return lifecycle.Run(ctx, log, localBot(w, cfg.Policy, o.Store, log, ready), workspace)
}

// localBot returns Muster connected to a workspace in this process, which moves
// its clock. It calls ready once it is connected.
func localBot(w *sandbox.Server, p policy.Policy, storeURL string, log *zap.Logger, ready func()) lifecycle.Service {
	run := func(ctx context.Context) error {
		b, err := bot.Open(ctx, bot.Options{
			BotToken: w.BotToken(), AppToken: w.AppToken(), APIURL: w.URL() + "/api/",
			StoreURL: storeURL, Policy: p, Now: w.Now, Log: log,
		})
		if errors.Is(err, context.Canceled) {
			return nil
		}
		if err != nil {
			return err
		}
		w.Attach(b)
		defer w.Attach(nil)
		ready()
		return b.Run(ctx)
	}
	return lifecycle.Service{Name: "muster", Run: run}
}

// sandboxConfig loads a configuration, without a path the sample that fits the
// local workspace.
func sandboxConfig(path string) (config.Config, error) {
	if path == "" {
		return config.Parse("sandbox.yaml", deploy.SandboxConfig)
	}
	return config.Load(path)
}

// sandboxManifest reads the manifest of somebody's own app; without one it returns
// Muster's.
func sandboxManifest(o SandboxOptions) ([]byte, error) {
	switch {
	case o.Manifest == "":
		return deploy.Manifest, nil
	case o.Bot:
		return nil, errors.New("--manifest is for your own app, and Muster would run as it: add --bot=false")
	}
	manifest, err := yamlfile.Read(o.Manifest)
	if err == nil {
		err = yamlfile.Check(o.Manifest, manifest)
	}
	if err != nil {
		return nil, fmt.Errorf("read the app's manifest: %w", err)
	}
	return manifest, nil
}
