package rehearsal

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"muster/internal/policy"
	"muster/internal/yamlfile"
)

// Scenario is a written incident.
type Scenario struct {
	File     string
	Title    string
	severity policy.Severity // whose deadlines its times mean
	steps    []step
}

// step is what happens, and what is expected, at one instant.
type step struct {
	at      stepTime
	actor   person
	actorAt yamlfile.Place
	do      userAction
	form    []formEntry // sent after the action; empty = as it opened, nil = none is expected to open
	in      location    // where it is done; "" = in the incident's channel, before there is one in #general
	expect  []expectation
}

// acts reports whether somebody does something.
func (s step) acts() bool { return s.do.kind != "" }

// userAction is what somebody does.
type userAction struct {
	kind actionKind
	text string // the command, the button's label or the message
}

type actionKind string

const (
	actionCommand actionKind = "runs"
	actionClick   actionKind = "clicks"
	actionSay     actionKind = "says"
)

// expectation is what Muster is expected to say, or not to say, or who is
// expected to be in a channel, or to be able to read it, or not.
type expectation struct {
	at        yamlfile.Place
	none      bool
	in        location
	text      string
	person    person
	readable  bool // who can read there, and not who is there
	count     int  // of messages; 0 = one at least
	fromStart bool
	by        person // who acted in the same step, and so is answered
}

//go:embed scenarios/*.yaml
var embedded embed.FS

// Names lists the scenarios that come with Muster.
func Names() []string {
	files, err := embedded.ReadDir("scenarios")
	if err != nil {
		panic("rehearsal: " + err.Error()) // embedded: cannot happen
	}
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), ".yaml"))
	}
	return names
}

// Load reads one of [Names], or else the file of that path. Where the file can
// be read but is wrong, the error is [yamlfile.Problems].
func Load(name string, known Known) (Scenario, error) {
	if slices.Contains(Names(), name) {
		b, err := embedded.ReadFile(path.Join("scenarios", name+".yaml"))
		if err != nil {
			panic("rehearsal: " + err.Error()) // embedded: cannot happen
		}
		return Parse(name+".yaml", b, known)
	}
	b, err := yamlfile.Read(name)
	if err != nil {
		return Scenario{}, fmt.Errorf("scenario: %w; the built-in ones are %s", err, strings.Join(Names(), ", "))
	}
	return Parse(name, b, known)
}
