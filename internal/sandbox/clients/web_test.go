package clients_test

import (
	"fmt"
	"testing"

	"muster/internal/sandbox/workspace"
)

func TestWebClient_Methods_Answer(t *testing.T) {
	t.Parallel()
	w, ws := open(t)
	done := start(t, "web.mjs", w).tells(t, "done")
	m := ws.ExpectMessage("#kettle", "Mended")
	if m.TS != done["ts"] || !m.Pinned || m.Edited == nil || m.Metadata.Type != "broken" {
		t.Errorf("the message is %+v", m)
	}
	ws.ExpectNoMessage("#kettle", "Thanks")
	ws.ExpectMessage("oncall", "Psst")
}

func TestWebClient_RateLimited_Waits(t *testing.T) {
	t.Parallel()
	w, ws := open(t)
	done := start(t, "limit.mjs", w, workspace.Incidents).tells(t, "done")
	refusals, twice := 0, false
	before := ""
	for _, e := range ws.Traffic(0) {
		if e.Kind != "api" || e.Name != "chat.postMessage" {
			continue
		}
		if e.Error == "ratelimited" {
			refusals++
			twice = twice || before == e.Error // asked again before its time
		}
		before = e.Error
	}
	if refusals == 0 || twice || done["waits"] != float64(refusals) {
		t.Errorf("%d refusals, two of them in a row: %t; the client waited %v times", refusals, twice, done["waits"])
	}
	all := ws.Messages("#incidents")
	if len(all) != 7 {
		t.Errorf("%d messages arrived", len(all))
	}
	for n, m := range all {
		if m.Text != fmt.Sprintf("message %d", n+1) {
			t.Errorf("message %d says %q", n+1, m.Text)
		}
	}
}
