package sandbox

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"muster/internal/sandbox/faults"
	"muster/internal/sandbox/webapi"
	"muster/internal/sandbox/workspace"
)

// TestDocumentation_MethodsFaultsEvents_AreComplete: it names every method and every fault that there is,
// and no other method.
func TestDocumentation_MethodsFaultsEvents_AreComplete(t *testing.T) {
	raw, err := os.ReadFile("../../docs/sandbox.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(raw)
	_, row, _ := strings.Cut(doc, "| methods |")
	row, _, _ = strings.Cut(row, "|")
	table, err := webapi.ReadMethods()
	if err != nil {
		t.Fatal(err)
	}
	want := "`" + strings.Join(slices.Sorted(maps.Keys(table)), "`, `") + "`"
	if got := strings.TrimSpace(row); got != want {
		t.Errorf("the methods are\n%s\nwant\n%s", got, want)
	}
	for kind := range faults.KindByName {
		if !strings.Contains(doc, "`"+kind+"`") {
			t.Errorf("it does not say what %s does", kind)
		}
	}
	for event := range workspace.EventScopes {
		if prefix, _, _ := strings.Cut(event, "."); !strings.Contains(doc, "`"+event+"`") && !strings.Contains(doc, "`"+prefix+".*`") && !strings.HasPrefix(event, "group_") {
			t.Errorf("it does not name the event %s", event)
		}
	}
}
