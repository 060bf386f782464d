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
	fmt.Fprintf(out, "\n  The workspace is open at %s\n\n", w.URL())
	workspace := stage{"workspace", w.Run}
	if !o.Bot {
		fmt.Fprintf(out, "  Connect a bot to it:\n\n    SLACK_API_URL=%s/api/ \\\n    SLACK_BOT_TOKEN=%s \\\n    SLACK_APP_TOKEN=%s \\\n    muster run\n\n",
			w.URL(), w.BotToken(), w.AppToken())
		return runStages(ctx, log, workspace)
	}
	fmt.Fprint(out, "  Type /incident there. Stop with Ctrl-C.\n\n")
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
