package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"go.uber.org/zap"

	"muster/bot"
	"muster/internal/config"
	"muster/internal/policy"
	"muster/internal/yamlfile"
)

const runHelp = `Connects to Slack and works until it is told to stop.

  SLACK_BOT_TOKEN, SLACK_APP_TOKEN   the app's two tokens (or …_FILE: files that hold them)
  SLACK_API_URL                      another Slack than the real one, such as http://127.0.0.1:8065/api/
  MUSTER_STORE                       sqlite:PATH (the default, sqlite:muster.db), redis://…, rediss://…,
                                     redis+sentinel://…, redis+cluster://…
  MUSTER_STORE_PASSWORD              Redis's password, instead of in the URL (or …_FILE)
  MUSTER_CONFIG                      path of the configuration (default: the built-in one)
  MUSTER_LISTEN                      address of /healthz and /readyz (default 127.0.0.1:8080)
  MUSTER_LOG                         debug, info (the default), warn or error
  MUSTER_LOG_FORMAT                  text or json (default: text on a terminal, JSON elsewhere)

SIGHUP makes it read the configuration again, without losing the connection; one with mistakes is
logged, and the one before stays in force. Everything else needs a restart.`

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
	log, err := newLogger(env.Log, env.Format)
	if err != nil {
		return err
	}
	defer func() { _ = log.Sync() }()
	for _, w := range cfg.Warnings {
		log.Warn(w)
	}
	if w := config.StoreWarning(env.Store); w != "" {
		log.Warn(w)
	}
	hangup := make(chan os.Signal, 1)
	defer notifyHangup(hangup)()
	return bot.Serve(ctx, env.Listen, bot.Options{
		BotToken: env.BotToken.Reveal(), AppToken: env.AppToken.Reveal(), APIURL: env.APIURL,
		StoreURL: env.Store.Reveal(), Policy: cfg.Policy, Log: log,
	}, bot.Reloads{When: hangup, Read: func() (policy.Policy, error) { return reread(env, getenv, log) }})
}

// reread reads the configuration again, and says what of the rest has changed but
// needs a restart.
func reread(env config.Env, getenv func(string) string, log *zap.Logger) (policy.Policy, error) {
	if env.Config == "" {
		return policy.Policy{}, errors.New("MUSTER_CONFIG is not set, so there is no file to read again")
	}
	now, err := config.FromEnv(getenv) // the variables stay as they were, but not the files that they name
	switch {
	case err != nil:
		log.Warn("a restart would fail", zap.Error(err))
	case !now.BotToken.Equal(env.BotToken), !now.AppToken.Equal(env.AppToken), !now.Store.Equal(env.Store):
		log.Warn("a token's or a password's file has changed; restart Muster to use it")
	}
	cfg, err := config.Load(env.Config)
	if problems, ok := errors.AsType[yamlfile.Problems](err); ok {
		for _, p := range problems {
			log.Error(p.String())
		}
		return policy.Policy{}, fmt.Errorf("%s has %d mistakes", env.Config, len(problems))
	}
	for _, w := range cfg.Warnings {
		log.Warn(w)
	}
	return cfg.Policy, err
}
