package workspace

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// FuzzComposerText_AnyText_IsEscaped: whatever is typed, the result mentions nobody whom the writer did
// not name, and nothing unescaped gets through.
func FuzzComposerText_AnyText_IsEscaped(f *testing.F) {
	for _, s := range []string{
		"@oncall and <@U0ONCALL01>", "<!channel>", "<!here|x>", "<@U0NOBODY01>", "a<b>&c", "#incidents. (@techlead)", "<<@U0ONCALL01>>",
		"<!subteam^S0LEADS002>", "x@oncall", "see https://a.example/b?c=1&d=<2>.", "<@U0ONCALL01|<!channel>>",
	} {
		f.Add(s)
	}
	w := &Workspace{state: seedState(0), directory: directory{Users: allUsers("Bot"), Groups: groups}}
	f.Fuzz(func(t *testing.T, s string) {
		out := w.ComposerText(&w.Users[0], s, true)
		rest := addressLink.ReplaceAllString(out, "")
		for _, known := range slices.Sorted(maps.Keys(references(w, out))) {
			rest = strings.ReplaceAll(rest, known, "")
		}
		if strings.ContainsAny(rest, "<>") {
			t.Errorf("%q became %q: %q is not escaped", s, out, rest)
		}
	})
}

var addressLink = regexp.MustCompile(`<https?://[^<>\s|]+>`)

// references are the parts of text that refer to something known.
func references(w *Workspace, text string) map[string]bool {
	found := map[string]bool{}
	for _, token := range composerToken.FindAllString(text, -1) {
		if token[0] == '<' && len(token) > 1 && (composer{w: w, by: &w.Users[0]}).isReference(token) {
			found[token] = true
		}
	}
	return found
}

func TestComposerText_References_AreResolved(t *testing.T) {
	w := &Workspace{state: seedState(0), directory: directory{Users: allUsers("Bot"), Groups: groups}}
	for in, want := range map[string]string{
		"ask @oncall.":              "ask <@U0ONCALL01|oncall>.",
		"(@techlead, @nobody)":      "(<@U0TECHLD01|techlead>, @nobody)",
		"mail a@oncall":             "mail a@oncall",
		"<@U0ONCALL01>":             "<@U0ONCALL01>",
		"<@U0NOBODY01> & <!here>":   "&lt;@U0NOBODY01&gt; &amp; &lt;!here&gt;",
		"see #incidents":            "see <#C0INCIDEN1|incidents>",
		"@oncall-l1":                "<!subteam^S0ONCALL01|@oncall-l1>",
		"(https://a.example/?b&c).": "(<https://a.example/?b&amp;c>).",
	} {
		if got := w.ComposerText(&w.Users[0], in, true); got != want {
			t.Errorf("%q\n got %q\nwant %q", in, got, want)
		}
	}
	if got := w.ComposerText(&w.Users[0], "@oncall, @here", false); got != "<@U0ONCALL01>, <!here>" {
		t.Errorf("in a message: %q", got)
	}
}
