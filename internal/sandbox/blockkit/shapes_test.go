package blockkit

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// eachSample runs a test for every sample on every surface that shows it: place
// puts a changed sample where it belongs, at is its pointer.
func eachSample(t *testing.T, test func(t *testing.T, s sample, place func(string) string, at string)) {
	for kind, s := range samples {
		in, known := carriers[s.in]
		if !known {
			t.Fatalf("%s: nothing carries it: %s", kind, s.in)
		}
		for surface := range strings.FieldsSeq(in.surfaces) {
			t.Run(kind+" on "+surface, func(t *testing.T) {
				place := func(json string) string { return on(surface, fmt.Sprintf(in.block, json)) }
				test(t, s, place, root(surface)+in.at)
			})
		}
	}
}

func TestKind_WithAllProperties_Passes(t *testing.T) {
	eachSample(t, func(t *testing.T, s sample, place func(string) string, _ string) {
		expect(t, place(s.json))
	})
}

func TestObject_MissingProperty_IsRefused(t *testing.T) {
	eachSample(t, func(t *testing.T, s sample, place func(string) string, at string) {
		whole := parse[object](t, s.json)
		required := strings.Fields(s.required)
		if _, there := whole["type"]; there && s.in != "task of a plan" && s.in != "slack_icon" {
			required = append(required, "type")
		}
		for _, name := range required {
			without := maps.Clone(whole)
			delete(without, name)
			wanted(t, check(t, place(encode(t, without))), fmt.Sprintf("missing required field: %s [json-pointer:%s]", name, at))
		}
	})
}

// TestObject_UnknownProperty_IsRefused: an unknown property is refused in every object, however deep,
// and so is a value of another type in place of any that there is.
func TestObject_UnknownProperty_IsRefused(t *testing.T) {
	eachSample(t, func(t *testing.T, s sample, place func(string) string, at string) {
		walk(parse[any](t, s.json), at, func(v any, at string, replace func(any) any) {
			if o, ok := v.(object); ok {
				more := maps.Clone(o)
				more["zzz"] = 1
				got := check(t, place(encode(t, replace(more))))
				wanted(t, got, fmt.Sprintf("invalid additional property: zzz [json-pointer:%s]", at))
			}
			for _, other := range others(v) {
				if other == nil && strings.Contains(at, "/column_settings/") {
					continue // a column without settings
				}
				got := check(t, place(encode(t, replace(other))))
				if !slices.ContainsFunc(got, func(line string) bool { return strings.Contains(line, "[json-pointer:"+at) }) {
					t.Errorf("%v in place of %v at %s: got %q", other, v, at, got)
				}
			}
		})
	})
}

// others are values of other JSON types. Null is one: Slack wants what may be
// left out left out.
func others(v any) []any {
	switch v.(type) {
	case string:
		return []any{1.0, nil, object{}}
	case object:
		return []any{"x", nil, []any{}}
	case []any:
		return []any{"x", nil, object{}}
	default:
		return []any{"x", nil}
	}
}

// walk visits every value of a layout, with its pointer and a function that
// gives the whole layout with another value in its place.
func walk(v any, at string, visit func(v any, at string, replace func(any) any)) {
	walkIn(v, at, func(other any) any { return other }, visit)
}

func walkIn(v any, at string, replace func(any) any, visit func(any, string, func(any) any)) {
	visit(v, at, replace)
	switch v := v.(type) {
	case object:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			walkIn(v[name], at+"/"+name, func(other any) any {
				changed := maps.Clone(v)
				changed[name] = other
				return replace(changed)
			}, visit)
		}
	case []any:
		for i := range v {
			if v[i] == nil {
				continue
			}
			walkIn(v[i], fmt.Sprintf("%s/%d", at, i), func(other any) any {
				changed := slices.Clone(v)
				changed[i] = other
				return replace(changed)
			}, visit)
		}
	}
}

func TestSurface_Block_IsShownWhereSlackShowsIt(t *testing.T) {
	for kind, s := range samples {
		in := carriers[s.in]
		if in.at != "" {
			continue
		}
		for _, surface := range []string{"message", "modal", "home"} {
			if strings.Contains(in.surfaces, surface) {
				continue
			}
			got := check(t, on(surface, s.json))
			wanted(t, got, fmt.Sprintf("unsupported type: %s [json-pointer:%s/type]", kind, root(surface)))
		}
	}
}

// TestSamples_Kinds_AreComplete: what is in the tables is in the samples.
func TestSamples_Kinds_AreComplete(t *testing.T) {
	for _, table := range []map[string]shape{blocks, elements, paragraphs, spans, charts, cells} {
		for kind, s := range table {
			sample, there := samples[kind]
			if kind == "rich_text" {
				continue // a block and a cell; both are there
			}
			if !there {
				t.Errorf("%s is not among the samples", kind)
				continue
			}
			given := parse[object](t, sample.json)
			for name := range join(s.required, s.optional) {
				// The sources of an image, and the two ways to offer options,
				// shut each other out; see the facts.
				if _, there := given[name]; !there && !strings.Contains("slack_file slack_icon options option_groups initial_option initial_options", name) {
					t.Errorf("the sample of %s is without %s", kind, name)
				}
			}
		}
	}
	for kind := range blocks {
		if shownOn[kind] == 0 {
			t.Errorf("%s is shown nowhere", kind)
		}
	}
}

func wanted(t *testing.T, got []string, want string) {
	t.Helper()
	if !slices.Contains(got, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), want)
	}
}
