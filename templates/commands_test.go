package templates_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/internal/policy"
)

var (
	printed = regexp.MustCompile("`/incident ([a-z]+)( INC-7)?[^`]*`")
	usage   = regexp.MustCompile(`\{\{define "usage"\}\}([a-z]+)`)
)

// verbs returns the word that each verb's usage begins with.
func verbs(t testing.TB) map[string]incident.Verb {
	t.Helper()
	all := map[string]incident.Verb{}
	files, err := filepath.Glob("words/slack/verbs/*.tmpl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no words: %v", err)
	}
	for _, file := range files {
		words, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		word := usage.FindStringSubmatch(string(words))
		if word == nil {
			t.Fatalf("%s has no usage", file)
		}
		all[word[1]] = incident.Verb(strings.TrimSuffix(filepath.Base(file), ".tmpl"))
	}
	return all
}

// unnumbered are the verbs that mean no incident.
var unnumbered = []incident.Verb{"list", "help", incident.VerbDeclare}

// TestPrintedCommands_WorkWhereTheyAreRead: a command that is printed outside of
// the incident's channel names the incident, and every one is a command.
func TestPrintedCommands_WorkWhereTheyAreRead(t *testing.T) {
	known, found := verbs(t), 0
	for name, s := range map[string]*story{
		"new": declared(t, policy.P1).settled(), "acknowledged": atWork(t),
		"no channel": declared(t, policy.P1).fails(notice.OpOpen, "restricted_action"),
		"private":    private(t).settled(), "resolved": atWork(t).resolved(fixed),
	} {
		e := anything(s.now, func(string) string { return "x" })
		for what, v := range everything(t, s, e, "x") {
			if what == "help" || what == "failed" { // a list of usages; an answer about no incident in particular
				continue
			}
			raw, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			inChannel := strings.HasPrefix(what, "channel/") && s.i.Channel != ""
			for _, m := range printed.FindAllStringSubmatch(string(raw), -1) {
				found++
				verb, ok := known[m[1]]
				if !ok {
					t.Errorf("%s, %s: %s is not a command", name, what, m[0])
				}
				if m[2] == "" && !inChannel && !slices.Contains(unnumbered, verb) {
					t.Errorf("%s, %s: %s does not say which incident", name, what, m[0])
				}
			}
		}
	}
	if found < 40 {
		t.Errorf("only %d commands were printed: the test looks in the wrong place", found)
	}
}

// TestRejections_PrintedCommands_NameTheIncident: a refusal is read anywhere.
func TestRejections_PrintedCommands_NameTheIncident(t *testing.T) {
	s, known, found := atWork(t), verbs(t), 0
	for _, r := range everyRefusal(t) {
		args := incident.Args{}
		for _, name := range r.args {
			args[name] = examples[name]
		}
		text := answer(t)(s.templates().Rejected(&incident.Rejection{Code: r.code, Args: args})).Text
		for _, m := range printed.FindAllStringSubmatch(text, -1) {
			found++
			if verb, ok := known[m[1]]; !ok || (m[2] == "" && !slices.Contains(unnumbered, verb)) {
				t.Errorf("%s: %s", r.code, m[0])
			}
		}
	}
	if found < 8 {
		t.Errorf("only %d commands were printed", found)
	}
}

// TestVerbs_OnOffer_HaveLabels: whatever a state allows can be pressed.
func TestVerbs_OnOffer_HaveLabels(t *testing.T) {
	s := atWork(t)
	for _, status := range []incident.Status{incident.Investigating, incident.Resolved, incident.Closed, incident.Cancelled} {
		for _, acked := range []bool{true, false} {
			s.i.Status = status
			if !acked {
				s.i.Acked = incident.Stamp{}
			}
			o := s.i.Offers(s.policy)
			n := len(o.Buttons)
			if o.Primary != "" {
				n++
			}
			if len(o.Menu) > 0 {
				n++
			}
			if got := len(shownButtons(answer(t)(s.templates().Controls(s.i)))); got != n || n == 0 {
				t.Errorf("%s: %d buttons for %+v", status, got, o)
			}
		}
	}
}
