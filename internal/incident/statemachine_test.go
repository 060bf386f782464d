package incident_test

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/internal/incident"
)

// TestTheDrawingIsTrue holds docs/state-machine.md and the table together.
func TestTheDrawingIsTrue(t *testing.T) {
	doc, err := os.ReadFile("../../docs/state-machine.md")
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^\s+(\w+) --> (\w+): (\w+)\s*$`)
	var drawn []incident.Edge
	for _, m := range line.FindAllStringSubmatch(string(doc), -1) {
		drawn = append(drawn, incident.Edge{
			Verb: incident.Verb(m[3]), From: incident.Status(m[1]), To: incident.Status(m[2]),
		})
	}
	if diff := cmp.Diff(sorted(incident.Edges()), sorted(drawn)); diff != "" {
		t.Errorf("the table (-) and the drawing (+) differ:\n%s", diff)
	}
}

func sorted(edges []incident.Edge) []string {
	var lines []string
	for _, e := range edges {
		lines = append(lines, string(e.From)+" --"+string(e.Verb)+"--> "+string(e.To))
	}
	slices.Sort(lines)
	return lines
}
