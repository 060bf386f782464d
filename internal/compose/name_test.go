package compose

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"muster/internal/incident"
)

func TestChannelNames_EachTitle_BecomesASlug(t *testing.T) {
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

func TestChannelNames_PrivateIncident_TellNothing(t *testing.T) {
	for n, name := range channelNames(incident.Incident{Number: 7, Title: "Payments down", Private: true}) {
		want := "inc-7-private"
		if n > 0 {
			want = fmt.Sprintf("inc-7-private-%d", n+1)
		}
		if name != want {
			t.Errorf("got %q, want %q", name, want)
		}
	}
}

func TestChannelNames_AnyTitle_AreTakenBySlack(t *testing.T) {
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
