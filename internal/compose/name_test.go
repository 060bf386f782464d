package compose

import (
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

// A public incident's name is for people to read; who takes it, and the one behind
// it, learns no other. A private one's is nobody's to guess.
func TestChannelNames_AfterTheSecond_CannotBeGuessed(t *testing.T) {
	of := func(private bool, id string) []string {
		return channelNames(incident.Incident{Number: 7, Title: "Payments down", Private: private, ID: id})
	}
	public, other := of(false, "one"), of(false, "other")
	if public[0] != "inc-7-payments-down" || public[1] != "inc-7-payments-down-2" {
		t.Errorf("begins with %v", public[:2])
	}
	private, otherPrivate := of(true, "one"), of(true, "other")
	guessed := append(common(public[2:], other[2:]), common(private, otherPrivate)...)
	if len(guessed) > 0 {
		t.Errorf("the same for another incident: %v", guessed)
	}
	secret := regexp.MustCompile(`^inc-7-private-[a-z2-7]{8}$`)
	for _, name := range private {
		if !secret.MatchString(name) {
			t.Errorf("private: %q", name)
		}
	}
	if !slices.Equal(private, of(true, "one")) {
		t.Error("another attempt has other names, so it finds no channel again")
	}
}

// common returns what both lists have.
func common(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return !slices.Contains(b, s) })
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
