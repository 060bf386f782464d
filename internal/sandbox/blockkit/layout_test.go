package blockkit

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// parse reads JSON in which %x{N} stands for N characters, each of them more
// than one byte, and %n{N|ITEM} for N items, of which # is the number.
func parse[T any](t testing.TB, layout string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(expand(layout)), &v); err != nil {
		t.Fatalf("%s: %v", layout, err)
	}
	return v
}

func expand(s string) string {
	for {
		before, after, found := strings.Cut(s, "%x{")
		if !found {
			break
		}
		var n int
		_, _ = fmt.Sscanf(after, "%d}", &n)
		_, after, _ = strings.Cut(after, "}")
		s = before + strings.Repeat("ü", n) + after
	}
	for {
		before, after, found := strings.Cut(s, "%n{")
		if !found {
			return s
		}
		count, rest, _ := strings.Cut(after, "|")
		item, after, _ := strings.Cut(rest, "}%")
		var n int
		_, _ = fmt.Sscanf(count, "%d", &n)
		items := make([]string, n)
		for i := range items {
			items[i] = strings.ReplaceAll(item, "#", fmt.Sprint(i))
		}
		s = before + strings.Join(items, ",") + after
	}
}

// check is what is wrong with a layout on a surface, a line each. A message is a
// list of blocks, a view an object.
func check(t testing.TB, layout string) []string {
	t.Helper()
	v := parse[any](t, layout)
	if list, ok := v.([]any); ok {
		return lines(Message(list, nil))
	}
	view, ok := v.(object)
	if !ok {
		t.Fatalf("neither a list nor an object: %s", layout)
	}
	return lines(View(view))
}

func lines(problems []Problem) []string {
	var all []string
	for _, p := range problems {
		all = append(all, p.String())
	}
	return all
}

func expect(t *testing.T, layout string, want ...string) {
	t.Helper()
	if got := check(t, layout); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%.300s\ngot\n  %s\nwant\n  %s", layout, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// on puts a block on a surface; its pointer is then root(surface).
func on(surface, block string) string {
	switch surface {
	case "modal":
		return `{"type":"modal","title":` + label + `,"submit":` + label + `,"blocks":[` + block + `]}`
	case "home":
		return `{"type":"home","blocks":[` + block + `]}`
	}
	return "[" + block + "]"
}

func root(surface string) string {
	if surface == "message" {
		return "/blocks/0"
	}
	return "/view/blocks/0"
}

const (
	label    = `{"type":"plain_text","text":"x"}`
	choice1  = `{"text":{"type":"plain_text","text":"x"},"value":"v"}`
	richer   = `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x"}]}]}`
	photo    = `{"type":"image","image_url":"https://example.com/x.png","alt_text":"x"}`
	confirms = `{"title":` + label + `,"text":` + label + `,"confirm":` + label + `,"deny":` + label + `,"style":"danger"}`

	button1  = `{"type":"button","text":` + label + `,"action_id":"a"}`
	divider  = `{"type":"divider"}`
	textual  = `{"type":"input","label":` + label + `,"element":{"type":"plain_text_input"}}`
	noChoice = "failed to match all allowed schemas [json-pointer:"
)

func encode(t testing.TB, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
