package cli

import (
	"context"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"muster/bot"
	"muster/internal/config"
)

const runHelp = `Connects to Slack and works until it is told to stop.

  SLACK_BOT_TOKEN, SLACK_APP_TOKEN   the app's two tokens (or …_FILE: files that hold them)
  SLACK_API_URL                      another Slack than the real one, such as http://127.0.0.1:8065/api/
  MUSTER_STORE                       sqlite:PATH (the default, sqlite:muster.db), redis://…, rediss://…,
                                     redis+sentinel://…, redis+cluster://…
  MUSTER_CONFIG                      path of the configuration (default: the built-in one)
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
	return bot.Serve(ctx, env.Listen, bot.Options{
		BotToken: env.BotToken.Reveal(), AppToken: env.AppToken.Reveal(), APIURL: env.APIURL,
		StoreURL: env.Store.Reveal(), Policy: cfg.Policy, Log: log,
	})
}

func newLogger(level zapcore.Level) (*zap.Logger, error) {
	c := zap.NewProductionConfig()
	c.Level = zap.NewAtomicLevelAt(level)
	c.EncoderConfig.TimeKey, c.EncoderConfig.EncodeTime = "time", zapcore.ISO8601TimeEncoder
	c.DisableStacktrace, c.Sampling = true, nil
	return c.Build()
}
