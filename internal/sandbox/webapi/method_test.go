package webapi

import (
	"slices"
	"strings"
	"testing"
)

func TestMethods_Table_MatchesTheHandlers(t *testing.T) {
	table, err := ReadMethods()
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

func TestMethod_ScopesFor_AreForAKindOfChannel(t *testing.T) {
	table, err := ReadMethods()
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
