package workspace

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestTypedBlock_Text_BecomesElements(t *testing.T) {
	for text, want := range map[string]string{
		"":                       `[]`,
		"plain":                  `[{"text":"plain","type":"text"}]`,
		"a &lt;b&gt; &amp;":      `[{"text":"a <b> &","type":"text"}]`,
		"hi <@U1>!":              `[{"text":"hi ","type":"text"},{"type":"user","user_id":"U1"},{"text":"!","type":"text"}]`,
		"<#C1|x><!here>":         `[{"channel_id":"C1","type":"channel"},{"range":"here","type":"broadcast"}]`,
		"<!subteam^S1|@l>":       `[{"type":"usergroup","usergroup_id":"S1"}]`,
		"<https://a.b/?c&amp;d>": `[{"type":"link","url":"https://a.b/?c&d"}]`,
		":eyes: `a &lt; b`":      `[{"name":"eyes","type":"emoji"},{"text":" ","type":"text"},{"style":{"code":true},"text":"a < b","type":"text"}]`,
	} {
		sections, _ := typedBlock(text)["elements"].([]Object)
		var b bytes.Buffer
		plain := json.NewEncoder(&b)
		plain.SetEscapeHTML(false)
		if err := plain.Encode(sections[0]["elements"]); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(b.String()); got != want {
			t.Errorf("%q becomes %s, want %s", text, got, want)
		}
	}
}
