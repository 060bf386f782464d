package blockkit

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// layouts draws a surface and a layout for it: samples in any order, between
// dividers, with IDs of their own and other texts.
func layouts(t *testing.T) *rapid.Generator[any] {
	return rapid.Custom(func(r *rapid.T) any {
		surface := rapid.SampledFrom([]string{"message", "modal", "home"}).Draw(r, "surface")
		var kinds []string
		for _, kind := range slices.Sorted(maps.Keys(samples)) {
			if strings.Contains(carriers[samples[kind].in].surfaces, surface) {
				kinds = append(kinds, kind)
			}
		}
		kinds = slices.DeleteFunc(rapid.Permutation(kinds).Draw(r, "order"), alone())
		blocks := []string{}
		for i := range rapid.IntRange(0, 50).Draw(r, "blocks") {
			block := divider
			if i < len(kinds) && rapid.Bool().Draw(r, "a sample") {
				s := samples[kinds[i]]
				block = fmt.Sprintf(carriers[s.in].block, s.json)
			}
			o := parse[object](t, block)
			o["block_id"] = fmt.Sprint(i)
			blocks = append(blocks, encode(t, o))
		}
		other := rapid.StringMatching(`[a-zé語😀]{1,20}`).Draw(r, "text")
		return parse[any](t, strings.ReplaceAll(on(surface, strings.Join(blocks, ",")), `"text":"x"`, `"text":"`+other+`"`))
	})
}

// alone finds the kinds of which a message may have one, or two, from then on.
func alone() func(kind string) bool {
	had := map[string]int{}
	return func(kind string) bool {
		in := samples[kind].in
		for what, most := range map[string]int{"cell": 1, "chart": 2} {
			if in == what || what == "cell" && kind == "table" || what == "chart" && kind == "data_visualization" {
				had[what]++
				return had[what] > most
			}
		}
		return false
	}
}

func problems(v any) []Problem {
	if list, ok := v.([]any); ok {
		return Message(list, nil)
	}
	return View(v.(object))
}

func TestLayout_Valid_Passes(t *testing.T) {
	all := layouts(t)
	rapid.Check(t, func(r *rapid.T) {
		layout := all.Draw(r, "layout")
		if got := problems(layout); len(got) > 0 {
			r.Errorf("%s\n%v", encode(t, layout), got)
		}
	})
}

func TestLayout_OneChange_IsFound(t *testing.T) {
	all := layouts(t)
	rapid.Check(t, func(r *rapid.T) {
		layout := all.Draw(r, "layout")
		var changes []func() any
		walk(layout, "", func(v any, at string, replace func(any) any) {
			if at == "" {
				return
			}
			for _, other := range others(v) {
				if other != nil {
					changes = append(changes, func() any { return replace(other) })
				}
			}
			o, ok := v.(object)
			if !ok {
				return
			}
			with := func(key, value string) {
				other := maps.Clone(o)
				other[key] = value
				changes = append(changes, func() any { return replace(other) })
			}
			with("zzz", "x")
			for _, id := range []string{"block_id", "action_id"} {
				if o[id] != nil && o["type"] != "markdown" { // of which Slack ignores it
					with(id, strings.Repeat("é", 256))
					with(id, "")
				}
			}
		})
		if len(changes) == 0 {
			return
		}
		changed := rapid.SampledFrom(changes).Draw(r, "change")()
		if len(problems(changed)) == 0 {
			r.Errorf("%s", encode(t, changed))
		}
	})
}
