package slacktypes

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"muster/internal/sandbox"
	"muster/internal/sandbox/clients"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// golden are the messages and views that Muster's templates produce, one of
// each sort, as the templates' own tests keep them.
var golden = []string{
	"../../../../templates/testdata/golden/*/*.json",
	"../../../../handlers/testdata/golden/form/*.json",
}

// refused are layouts that the types do not allow, and what is said of them.
// They show that the check can fail.
var refused = map[string][2]string{
	"kind unknown":           {`{"blocks":[{"type":"banner"}]}`, `/blocks/0/type is no kind of block: "banner"`},
	"property unknown":       {`{"blocks":[{"type":"divider","colour":"red"}]}`, `must NOT have additional properties {"additionalProperty":"colour"}`},
	"property missing":       {`{"blocks":[{"type":"header"}]}`, `must have required property 'text'`},
	"text of a kind":         {`{"blocks":[{"type":"header","text":{"type":"mrkdwn","text":"x"}}]}`, `/blocks/0/text/type must be equal to constant {"allowedValue":"plain_text"}`},
	"element elsewhere":      {`{"blocks":[{"type":"actions","elements":[{"type":"plain_text_input","action_id":"a"}]}]}`, `/blocks/0/elements/0`},
	"element's style":        {`{"blocks":[{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"x"},"style":"loud"}]}]}`, `/blocks/0/elements/0/style must be equal to one of the allowed values`},
	"option's text":          {`{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"x"},"accessory":{"type":"overflow","options":[{"text":"x","value":"x"}]}}]}`, `/blocks/0/accessory/options/0/text must be object`},
	"blocks, but no list":    {`{"blocks":{"type":"divider"}}`, `/blocks is no list`},
	"attachment's property":  {`{"attachments":[{"colour":"red"}]}`, `/attachments/0 must NOT have additional properties {"additionalProperty":"colour"}`},
	"attachment's block":     {`{"attachments":[{},{"blocks":[{"type":"banner"}]}]}`, `/attachments/1/blocks/0/type is no kind of block: "banner"`},
	"view's property":        {`{"type":"modal","title":{"type":"plain_text","text":"x"},"blocks":[],"colour":"red"}`, `{"additionalProperty":"colour"}`},
	"view's title":           {`{"type":"modal","blocks":[]}`, `must have required property 'title'`},
	"view's block":           {`{"type":"home","blocks":[{"type":"banner"}]}`, `/blocks/0/type is no kind of block: "banner"`},
	"second block of a view": {"{\n\"type\":\"home\",\n\"blocks\":[{\"type\":\"divider\"},{\"type\":\"divider\",\"colour\":\"red\"}]}", `/blocks/1 must NOT have additional properties`},
}

// TestCheck_Layouts_MatchSlacksTypes checks all at once, since Node takes long to read the types.
func TestCheck_Layouts_MatchSlacksTypes(t *testing.T) {
	t.Parallel()
	files, logged := goldenLayouts(t), badTraffic(t)
	all := slices.Concat(files, logged)
	for name, layout := range refused {
		all = append(all, Layout{name, layout[0]})
	}
	violations := check(t, all)
	from := func(l Layout) (all []Violation) {
		return slices.DeleteFunc(slices.Clone(violations), func(v Violation) bool { return v.From != l.From })
	}

	t.Run("what Muster's templates produce is allowed", func(t *testing.T) {
		for _, file := range files {
			for _, v := range from(file) {
				t.Error(v)
			}
		}
	})
	for name, layout := range refused {
		t.Run("refused: "+name, func(t *testing.T) {
			if got := from(Layout{From: name}); !slices.ContainsFunc(got, func(v Violation) bool { return strings.Contains(v.Wrong, layout[1]) }) {
				t.Errorf("%q is not said, but %q", layout[1], got)
			}
		})
	}
	t.Run("what is wrong in a workspace's traffic is found", func(t *testing.T) {
		got := from(Layout{From: "api chat.postMessage"})
		if len(got) != 1 || got[0].Times != 2 || !strings.Contains(got[0].Wrong, `/blocks/1 must NOT have additional properties {"additionalProperty":"colour"}`) {
			t.Errorf("found %q", got)
		}
	})
}

// check is Check, or leaves the test out.
func check(t *testing.T, layouts []Layout) []Violation {
	t.Helper()
	violations, err := Check(t.Context(), layouts)
	if errors.Is(err, clients.ErrLeftOut) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return violations
}

func goldenLayouts(t *testing.T) (all []Layout) {
	t.Helper()
	var files []string
	for _, dir := range golden {
		some, err := filepath.Glob(dir)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, some...)
	}
	messages, views := 0, 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var layout struct {
			Type   string            `json:"type"`
			Blocks []json.RawMessage `json:"blocks"`
		}
		if err := json.Unmarshal(raw, &layout); err != nil || len(layout.Blocks) == 0 {
			t.Errorf("%s has no blocks: %v", file, err)
		}
		if layout.Type == "" {
			messages++
		} else {
			views++
		}
		all = append(all, Layout{file, string(raw)})
	}
	if messages == 0 || views == 0 {
		t.Fatalf("%d messages and %d views are like %s", messages, views, golden)
	}
	return all
}

// badTraffic are the layouts in the traffic of a workspace in which a bot posts
// a good message, and a bad one twice.
func badTraffic(t *testing.T) []Layout {
	t.Helper()
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	post := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for n, blocks := range []string{
		`[{"type":"divider"}]`,
		`[{"type":"divider"},{"type":"divider","colour":"red"}]`,
		`[{"type":"header","text":{"type":"plain_text","text":"x"}},{"type":"divider","colour":"blue"}]`,
	} {
		answer, err := post.PostForm(w.URL()+"/api/chat.postMessage", url.Values{
			"token": {w.BotToken()}, "channel": {workspace.General}, "text": {"x"}, "blocks": {blocks},
		})
		if err != nil {
			t.Fatalf("post %d: %v", n, err)
		}
		_ = answer.Body.Close()
	}
	layouts, err := Sent(ws.Traffic(0))
	if err != nil || len(layouts) != 3 {
		t.Fatalf("%d layouts in the traffic: %+v, %v", len(layouts), layouts, err)
	}
	return layouts
}
