package blockkit

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// seed feeds a fuzzer every sample on every surface that shows it.
func seed(f *testing.F, views bool) {
	f.Add(`{"type":"modal","title":1,"blocks":[null,[],{},{"type":null},{"type":"actions","elements":{}}]}`)
	f.Add(`[null,[],{"type":"section","text":null},{"type":"table","rows":[[null]]},{"type":"data_table","rows":[null]}]`)
	for _, s := range samples {
		in := carriers[s.in]
		for surface := range strings.FieldsSeq(in.surfaces) {
			if views == (surface != "message") {
				f.Add(on(surface, fmt.Sprintf(in.block, s.json)))
			}
		}
	}
}

// sane wants every problem to say something of a place within the layout.
func sane(t *testing.T, problems []Problem, at string) {
	for _, p := range problems {
		if p.Text == "" || p.Pointer != at && !strings.HasPrefix(p.Pointer, at+"/") {
			t.Errorf("a problem of nothing: %q", p)
		}
	}
}

func FuzzMessage_AnyLayout_IsChecked(f *testing.F) {
	seed(f, false)
	f.Fuzz(func(t *testing.T, layout string) {
		var blocks []any
		if json.Unmarshal([]byte(layout), &blocks) != nil {
			return
		}
		sane(t, Message(blocks, nil), "/blocks")
		if n := Size(blocks); n < 0 || n > len(layout) {
			t.Errorf("%d characters of %d bytes", n, len(layout))
		}
	})
}

func FuzzView_AnyLayout_IsChecked(f *testing.F) {
	seed(f, true)
	f.Fuzz(func(t *testing.T, layout string) {
		var view map[string]any
		if json.Unmarshal([]byte(layout), &view) == nil {
			sane(t, View(view), "/view")
		}
	})
}
