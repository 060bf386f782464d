package sandbox

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestMethods_Table_MatchesTheHandlers(t *testing.T) {
	table, err := readMethods()
	if err != nil {
		t.Fatal(err)
	}
	for name := range handlers {
		if table[name] == nil {
			t.Errorf("%s is handled, but the table does not have it", name)
		}
	}
	for name, m := range table {
		if !slices.Contains([]string{"bot", "app", "none"}, m.Token) {
			t.Errorf("%s takes the token %q", name, m.Token)
		}
		for arg, a := range m.Args {
			kind, _, _ := strings.Cut(a.Type, ":")
			if !slices.Contains([]string{"string", "boolean", "number", "json", "array"}, kind) {
				t.Errorf("%s has %s of the type %q", name, arg, a.Type)
			}
		}
	}
}

// TestTheDocumentationIsTrue: it names every method and every fault that there is,
// and no other method.
func TestDocumentation_MethodsFaultsEvents_AreComplete(t *testing.T) {
	raw, err := os.ReadFile("../../docs/sandbox.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(raw)
	_, row, _ := strings.Cut(doc, "| methods |")
	row, _, _ = strings.Cut(row, "|")
	table, err := readMethods()
	if err != nil {
		t.Fatal(err)
	}
	want := "`" + strings.Join(slices.Sorted(maps.Keys(table)), "`, `") + "`"
	if got := strings.TrimSpace(row); got != want {
		t.Errorf("the methods are\n%s\nwant\n%s", got, want)
	}
	for kind := range faultKindByName {
		if !strings.Contains(doc, "`"+kind+"`") {
			t.Errorf("it does not say what %s does", kind)
		}
	}
	for event := range eventScopes {
		if prefix, _, _ := strings.Cut(event, "."); !strings.Contains(doc, "`"+event+"`") && !strings.Contains(doc, "`"+prefix+".*`") && !strings.HasPrefix(event, "group_") {
			t.Errorf("it does not name the event %s", event)
		}
	}
}

func TestMethod_ScopesFor_AreForAKindOfChannel(t *testing.T) {
	table, err := readMethods()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ method, kind, want string }{
		{"conversations.history", "group", "groups:history"},
		{"conversations.history", "im", "im:history"},
		{"conversations.join", "group", ""},
		{"chat.postMessage", "im", "chat:write"},
		{"conversations.create", "channel", "channels:write channels:manage"},
	} {
		if got := strings.Join(table[c.method].scopesFor(c.kind), " "); got != c.want {
			t.Errorf("%s in a %s: got %q, want %q", c.method, c.kind, got, c.want)
		}
	}
}

// FuzzTyped: whatever is typed, the result mentions nobody whom the writer did
// not name, and nothing unescaped gets through.
func FuzzComposerText_AnyText_IsEscaped(f *testing.F) {
	for _, s := range []string{
		"@oncall and <@U0ONCALL01>", "<!channel>", "<!here|x>", "<@U0NOBODY01>", "a<b>&c", "#incidents. (@techlead)", "<<@U0ONCALL01>>",
		"<!subteam^S0LEADS002>", "x@oncall", "see https://a.example/b?c=1&d=<2>.", "<@U0ONCALL01|<!channel>>",
	} {
		f.Add(s)
	}
	w := &Workspace{state: seedState(0), users: allUsers("Bot"), groups: groups}
	f.Fuzz(func(t *testing.T, s string) {
		out := w.composerText(&w.users[0], s, true)
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
		if token[0] == '<' && len(token) > 1 && w.isReference(&w.users[0], token) {
			found[token] = true
		}
	}
	return found
}

func TestComposerText_References_AreResolved(t *testing.T) {
	w := &Workspace{state: seedState(0), users: allUsers("Bot"), groups: groups}
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
		if got := w.composerText(&w.users[0], in, true); got != want {
			t.Errorf("%q\n got %q\nwant %q", in, got, want)
		}
	}
	if got := w.composerText(&w.users[0], "@oncall, @here", false); got != "<@U0ONCALL01>, <!here>" {
		t.Errorf("in a message: %q", got)
	}
}
