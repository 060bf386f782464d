package config_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"muster/internal/config"
)

const hidden = "xoxb-do-not-print"

func TestSecret_Printed_IsRedacted(t *testing.T) {
	secret := config.NewSecret(hidden)
	holder := struct {
		Shown  config.Secret
		within config.Secret // fmt cannot call the methods of this one
	}{secret, secret}

	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%5.2f"} {
		args := []any{secret, holder, &secret, &holder, []config.Secret{secret}, map[string]config.Secret{"a": secret}}
		for _, arg := range args {
			if out := fmt.Sprintf(verb, arg); leaks(out) {
				t.Errorf("%s of %T prints %s", verb, arg, out)
			}
		}
		if out := fmt.Sprintf(verb, secret); out != "[redacted]" {
			t.Errorf("%s prints %s; want [redacted]", verb, out)
		}
	}
	for _, value := range []any{secret, holder, map[string]any{"a": secret}} {
		if out, err := json.Marshal(value); err != nil || leaks(string(out)) || !strings.Contains(string(out), "[redacted]") {
			t.Errorf("JSON of %T is %s, %v", value, out, err)
		}
	}
}

func TestSecret_Logged_IsRedacted(t *testing.T) {
	secret := config.NewSecret(hidden)
	core, logs := observer.New(zap.DebugLevel)
	log := zap.New(core)
	log.Info("one", zap.Any("any", secret), zap.Stringer("stringer", secret), zap.Reflect("reflect", secret),
		zap.Any("env", config.Env{BotToken: secret, Store: secret}))
	log.Sugar().Infow("two "+fmt.Sprint(secret), "token", secret)

	encoder := zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig())
	if logs.Len() != 2 {
		t.Fatalf("%d lines were logged; want 2", logs.Len())
	}
	for _, entry := range logs.All() {
		line, err := encoder.EncodeEntry(entry.Entry, entry.Context)
		if err != nil {
			t.Fatal(err)
		}
		if leaks(line.String()) || !strings.Contains(line.String(), "[redacted]") {
			t.Errorf("logged: %s", line)
		}
	}
}

func TestSecret_Reveal_IsTheText(t *testing.T) {
	if got := config.NewSecret(hidden).Reveal(); got != hidden {
		t.Errorf("revealed %q; want %q", got, hidden)
	}
	var none config.Secret
	if got := none.Reveal(); got != "" || !none.IsZero() || config.NewSecret(hidden).IsZero() {
		t.Errorf("the zero secret reveals %q", got)
	}
}

// leaks reports whether the secret is in a text, as it is or in hexadecimal.
func leaks(out string) bool {
	return strings.Contains(out, "print") || strings.Contains(out, fmt.Sprintf("%x", "print"))
}
