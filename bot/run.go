package bot

import (
	"context"
	"errors"
	"fmt"
	"io"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"muster/internal/config"
)

// RunHelp says what the environment of `muster run` holds.
const RunHelp = `Connects to Slack and works until it is told to stop.

  SLACK_BOT_TOKEN, SLACK_APP_TOKEN   the app's two tokens (or …_FILE: files that hold them)
  SLACK_API_URL                      another Slack than the real one, such as http://127.0.0.1:8065/api/
  MUSTER_STORE                       sqlite:PATH (the default, sqlite:muster.db), redis://…, rediss://…,
                                     redis+sentinel://…, redis+cluster://…
  MUSTER_CONFIG                      path of the configuration; without it the defaults hold
  MUSTER_LISTEN                      address of /healthz and /readyz (default 127.0.0.1:8080)
  MUSTER_LOG                         debug, info (the default), warn or error`

// Run is `muster run`.
func Run(ctx context.Context, getenv func(string) string) error {
	env, err := config.FromEnv(getenv)
	if err != nil {
		return err
	}
	cfg, err := config.Load(env.Config)
	if err != nil {
		return err
	}
	log, err := newLogger(env.Log)
	if err != nil {
		return err
	}
	defer func() { _ = log.Sync() }()
	for _, w := range cfg.Warnings {
		log.Warn(w)
	}
	health, err := newHealth(env.Listen)
	if err != nil {
		return err
	}
	log.Info("health checks", zap.String("address", health.listener.Addr().String()))
	return runStages(ctx, log,
		stage{"bot", func(ctx context.Context) error {
			b, err := Open(ctx, Options{
				BotToken: env.BotToken.Reveal(), AppToken: env.AppToken.Reveal(), APIURL: env.APIURL,
				StoreURL: env.Store.Reveal(), Policy: cfg.Policy, Log: log,
			})
			if errors.Is(err, context.Canceled) {
				return nil // told to stop while waiting for Slack
			}
			if err != nil {
				return err
			}
			health.bot.Store(b)
			return b.Run(ctx)
		}},
		stage{"health", health.run},
	)
}

// Schema is `muster schema`.
func Schema(out io.Writer) error {
	schema, err := config.Schema()
	if err != nil {
		return err
	}
	_, err = out.Write(schema)
	return err
}

// Check is `muster check [FILE]`.
func Check(args []string, getenv func(string) string, out io.Writer) error {
	path := getenv("MUSTER_CONFIG")
	if len(args) > 0 {
		path = args[0]
	}
	cfg, err := config.Load(path)
	if err != nil {
		return err
	}
	if path == "" {
		path = "the defaults"
	}
	for _, w := range cfg.Warnings {
		fmt.Fprintf(out, "%s: %s\n", path, w)
	}
	fmt.Fprintf(out, "%s: configuration OK\n", path)
	return nil
}

func newLogger(level zapcore.Level) (*zap.Logger, error) {
	c := zap.NewProductionConfig()
	c.Level = zap.NewAtomicLevelAt(level)
	c.EncoderConfig.TimeKey, c.EncoderConfig.EncodeTime = "time", zapcore.ISO8601TimeEncoder
	c.DisableStacktrace, c.Sampling = true, nil
	return c.Build()
}
