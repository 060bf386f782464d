package spell_test

import (
	"testing"

	"muster/internal/spell"
)

func TestNearest(t *testing.T) {
	known := []string{"create", "role", "declare", "ack", "update", "severity", "resolve", "reopen", "status"}
	for word, want := range map[string]string{
		"declair": "declare", "upadte": "update", "RESOLV": "resolve", "statsu": "status",
		"akc": "ack", "xyzzy": "", "": "", "reopne": "reopen", "foo": "", "dec": "declare", "st": "status",
		"note": "", "private": "", "search": "", "aknowlege": "", "créate": "create",
	} {
		if got := spell.Nearest(word, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}
