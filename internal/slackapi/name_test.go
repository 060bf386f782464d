package slackapi

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"muster/internal/incident"
)

func TestChannelNames(t *testing.T) {
	for title, want := range map[string]string{
		"Payments down":                 "inc-7-payments-down",
		"  Größe: 50% über Maß!  ":      "inc-7-grosse-50-uber-mass",
		"Łódź — Ångström & Ærø":         "inc-7-lodz-angstrom-aero",
		"Can't log in":                  "inc-7-cant-log-in",
		"决済が停止":                         "inc-7",
		"---":                           "inc-7",
		"ﬁle upload":                    "inc-7-file-upload",
		strings.Repeat("database ", 20): "inc-7-" + strings.Repeat("database-", 8) + "da",
	} {
		if got := channelNames(incident.Incident{Number: 7, Title: title})[0]; got != want {
			t.Errorf("%q: got %q, want %q", title, got, want)
		}
	}
}

func TestEveryChannelNameIsOneThatSlackTakes(t *testing.T) {
	valid := regexp.MustCompile(`^inc-\d+(-[a-z0-9]+)*$`)
	rapid.Check(t, func(t *rapid.T) {
		i := incident.Incident{
			Number: incident.Number(rapid.IntRange(1, 1<<31-1).Draw(t, "number")),
			Title:  rapid.String().Draw(t, "title"),
		}
		names := channelNames(i)
		for _, name := range names {
			if len(name) > maxName || !valid.MatchString(name) {
				t.Errorf("%q", name)
			}
		}
		if len(slices.Compact(slices.Sorted(slices.Values(names)))) != nameTries {
			t.Errorf("not all differ: %v", names)
		}
	})
}

func TestClip(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{"short", 5, "short"},
		{"too long", 5, "too…"},
		{"ééééé", 5, "ééééé"},
		{"éééééé", 5, "éééé…"},
		{"ask <@U061F7AUR> now", 10, "ask…"},
		{"a &amp; b and more", 6, "a…"},
		{"a &amp; b and more", 9, "a &amp;…"},
		{"R & D and more", 6, "R & D…"},
	} {
		if got := clip(c.text, c.limit); got != c.want {
			t.Errorf("%q to %d: got %q, want %q", c.text, c.limit, got, c.want)
		}
	}
}
