package clients_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// golden are the messages and views that Muster's templates produce, one of
// each sort, as the templates' own tests keep them.
const golden = "../../../templates/testdata/golden/*.json"

// verdict is what blocks.mjs says of one file.
type verdict struct {
	File   string   `json:"file"`
	View   bool     `json:"view"`
	Blocks []string `json:"blocks"` // their kinds
	Errors []string `json:"errors"`
}

// refused are layouts that the types do not allow, and what is said of them.
// They show that the check can fail.
var refused = map[string][2]string{
	"kind unknown":      {`{"blocks":[{"type":"banner"}]}`, `/blocks/0/type is no kind of block: "banner"`},
	"property unknown":  {`{"blocks":[{"type":"divider","colour":"red"}]}`, `must NOT have additional properties {"additionalProperty":"colour"}`},
	"property missing":  {`{"blocks":[{"type":"header"}]}`, `must have required property 'text'`},
	"text of a kind":    {`{"blocks":[{"type":"header","text":{"type":"mrkdwn","text":"x"}}]}`, `/blocks/0/text/type must be equal to constant {"allowedValue":"plain_text"}`},
	"element elsewhere": {`{"blocks":[{"type":"actions","elements":[{"type":"plain_text_input","action_id":"a"}]}]}`, `/blocks/0/elements/0`},
	"element's style":   {`{"blocks":[{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"x"},"style":"loud"}]}]}`, `/blocks/0/elements/0/style must be equal to one of the allowed values`},
	"option's text":     {`{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"x"},"accessory":{"type":"overflow","options":[{"text":"x","value":"x"}]}}]}`, `/blocks/0/accessory/options/0/text must be object`},
	"view's property":   {`{"type":"modal","title":{"type":"plain_text","text":"x"},"blocks":[],"colour":"red"}`, `{"additionalProperty":"colour"}`},
	"view's title":      {`{"type":"modal","blocks":[]}`, `must have required property 'title'`},
	"view's block":      {`{"type":"home","blocks":[{"type":"banner"}]}`, `/blocks/0/type is no kind of block: "banner"`},
}

func TestWhatMusterSendsFitsSlacksTypes(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(golden)
	if err != nil || len(files) == 0 {
		t.Fatalf("no file is like %s: %v", golden, err)
	}
	folder := t.TempDir()
	verdicts := validate(t, append(files, written(t, folder)...)...) // in one go, since reading the types takes long

	t.Run("all that the templates produce", func(t *testing.T) {
		messages, views, kinds := 0, 0, map[string]int{}
		for _, file := range files {
			v := verdicts[file]
			if len(v.Blocks) == 0 {
				t.Errorf("%s has no blocks", file)
			}
			for _, e := range v.Errors {
				t.Errorf("%s: %s", file, e)
			}
			for _, kind := range v.Blocks {
				kinds[kind]++
			}
			if v.View {
				views++
			} else {
				messages++
			}
		}
		if messages == 0 || views == 0 {
			t.Error("there are not both messages and views")
		}
		t.Logf("%d messages and %d views; their blocks: %v", messages, views, kinds)
	})
	for name, layout := range refused {
		t.Run("refused: "+name, func(t *testing.T) {
			errors := verdicts[filepath.Join(folder, name+".json")].Errors
			if !slices.ContainsFunc(errors, func(e string) bool { return strings.Contains(e, layout[1]) }) {
				t.Errorf("%q is not said, but %q", layout[1], errors)
			}
		})
	}
}

// written puts the refused layouts into files.
func written(t *testing.T, folder string) (files []string) {
	t.Helper()
	for name, layout := range refused {
		file := filepath.Join(folder, name+".json")
		if err := os.WriteFile(file, []byte(layout[0]), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// validate holds files against the types of @slack/types.
func validate(t *testing.T, files ...string) map[string]verdict {
	t.Helper()
	s := start(t, "blocks.mjs", nil, files...)
	verdicts := map[string]verdict{}
	for range files {
		var v verdict
		raw, err := json.Marshal(s.tells(t, "file"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatal(err)
		}
		verdicts[v.File] = v
	}
	return verdicts
}
