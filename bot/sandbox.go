package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"go.uber.org/zap/zapcore"

	"muster/deploy"
	"muster/internal/config"
	"muster/internal/sandbox"
)

// SandboxOptions are the flags of `muster sandbox`.
type SandboxOptions struct {
	Listen string
	Data   string
	Config string
	Store  string
	Bot    bool
}

// What `muster sandbox` says when it is ready.
const (
	openText = `
  The workspace is open at %s

  Type /incident there. Stop with Ctrl-C.

`
	aloneText = `
  The workspace is open at %s

  Connect a bot to it:

    SLACK_API_URL=%s/api/ \
    SLACK_BOT_TOKEN=%s \
    SLACK_APP_TOKEN=%s \
    muster run

  Its clock moves the workspace only: a bot of its own process keeps its own time.
  Stop with Ctrl-C.

`
)

// Sandbox is `muster sandbox`: a local workspace, and Muster connected to it
// just as to Slack.
func Sandbox(ctx context.Context, o SandboxOptions, out io.Writer) error {
	cfg, err := sandboxConfig(o.Config)
	if err != nil {
		return err
	}
	log, err := newLogger(zapcore.WarnLevel)
	if err != nil {
		return err
	}
	if o.Data == "" && o.Store == "" {
		dir, err := os.MkdirTemp("", "muster-sandbox-")
		if err != nil {
			return fmt.Errorf("make a folder for this run: %w", err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		o.Store = "sqlite:" + filepath.Join(dir, "muster.db")
	}
	if o.Store == "" {
		o.Store = "sqlite:" + filepath.Join(o.Data, "muster.db")
	}
	w, err := sandbox.Open(sandbox.Options{Listen: o.Listen, Data: o.Data, Log: log.Named("sandbox"), Manifest: deploy.Manifest})
	if err != nil {
		return err
	}
	workspace := stage{"workspace", w.Run}
	if !o.Bot {
		fmt.Fprintf(out, aloneText, w.URL(), w.URL(), w.BotToken(), w.AppToken())
		return runStages(ctx, log, workspace)
	}
	return runStages(ctx, log, stage{"muster", func(ctx context.Context) error {
		b, err := Open(ctx, Options{
			BotToken: w.BotToken(), AppToken: w.AppToken(), APIURL: w.URL() + "/api/",
			StoreURL: o.Store, Policy: cfg.Policy, Now: w.Now, Log: log,
		})
		if errors.Is(err, context.Canceled) {
			return nil
		}
		if err != nil {
			return err
		}
		w.Attach(b)
		defer w.Attach(nil)
		fmt.Fprintf(out, openText, w.URL())
		return b.Run(ctx)
	}}, workspace)
}

func sandboxConfig(path string) (config.Config, error) {
	if path == "" {
		return config.Parse("sandbox.yaml", deploy.SandboxConfig)
	}
	return config.Load(path)
}

var _ sandbox.Driver = (*Bot)(nil)
