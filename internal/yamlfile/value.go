package yamlfile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// Value is one value of a file that has a schema: it is read and described by
// the same few lines, so that neither can forget what the other knows. Problems
// call it by its name.
type Value struct {
	Read   func(r *Reader, n Node, name string)
	Schema *Schema
}

// Property is a known key of a mapping.
type Property struct {
	Key      string
	Value    Value
	Required bool
}

// Document returns the file's outermost mapping: its keys are called as they are.
func Document(properties ...Property) Value {
	return mapping(properties, func(_, key string) string { return key })
}

// Section returns one of the file's parts: its keys are called section.key.
func Section(properties ...Property) Value {
	return mapping(properties, func(name, key string) string { return name + "." + key })
}

// Object returns a mapping whose keys are known: they are called the object's.
func Object(properties ...Property) Value {
	return mapping(properties, func(name, key string) string { return name + "'s " + key })
}

func mapping(properties []Property, called func(name, key string) string) Value {
	s := &Schema{Type: Types{"object", "null"}, AdditionalProperties: false, Properties: map[string]*Schema{}}
	for _, p := range properties {
		s.Properties[p.Key] = p.Value.Schema
		if p.Required {
			s.Required = append(s.Required, p.Key)
		}
	}
	read := func(r *Reader, n Node, name string) {
		fields := make([]Field, len(properties))
		for i, p := range properties {
			fields[i] = Field{Key: p.Key, Required: p.Required, Read: func(n Node) {
				p.Value.Read(r, n, called(name, p.Key))
			}}
		}
		r.Object(n, name, fields...)
	}
	return Value{read, s}
}

// Mapping is a mapping whose keys people choose.
type Mapping struct {
	Keys  string   // the pattern of a key
	Known []string // keys that are there by default
	Old   *Schema  // of a known key's value
	New   *Schema  // of any other key's value
	// Entry returns what stands behind a key, or notes what is wrong with the
	// key and returns false.
	Entry func(r *Reader, e Pair) (Value, bool)
}

// Value returns the mapping.
func (m Mapping) Value() Value {
	s := &Schema{
		Type: Types{"object", "null"}, PropertyNames: &Schema{Pattern: m.Keys},
		Properties: map[string]*Schema{}, AdditionalProperties: m.New,
	}
	for _, key := range m.Known {
		s.Properties[key] = m.Old
	}
	read := func(r *Reader, n Node, name string) {
		for _, e := range r.Pairs(n, name) {
			if v, ok := m.Entry(r, e); ok {
				v.Read(r, e.Value, e.Key)
			}
		}
	}
	return Value{read, s}
}

// List returns a list, which replaces what there was. It says what an item is
// and how problems call it, given the list's name and the item's place from 0.
func List[T any](into *[]T, item func(*T) Value, called func(list string, i int) string) Value {
	read := func(r *Reader, n Node, name string) {
		nodes, ok := r.List(n, name)
		if !ok {
			return
		}
		*into = make([]T, len(nodes))
		for i, n := range nodes {
			item(&(*into)[i]).Read(r, n, called(name, i))
		}
	}
	return Value{read, &Schema{Type: Types{"array"}, Items: item(new(T)).Schema}}
}

// Filled returns a list that must not be empty, and says what to add to one.
func Filled(list Value, right string) Value {
	filled := *list.Schema
	filled.MinItems = 1
	read := func(r *Reader, n Node, name string) {
		list.Read(r, n, name)
		if s, ok := n.(*ast.SequenceNode); ok && len(s.Values) == 0 {
			r.Problem(r.Place(n), name+" is an empty list", right)
		}
	}
	return Value{read, &filled}
}

// Located returns the same value, and notes its place.
func Located(at *Place, v Value) Value {
	read := func(r *Reader, n Node, name string) {
		*at = r.Place(n)
		v.Read(r, n, name)
	}
	return Value{read, v.Schema}
}

// Text returns a text of one line.
func Text(into *Placed[string]) Value {
	read := func(r *Reader, n Node, name string) {
		var s string
		if r.Text(n, name, &s) {
			*into = Placed[string]{s, r.Place(n)}
		}
	}
	return Value{read, &Schema{Type: Types{"string"}, Pattern: `\S`}}
}

// Form is a text of a certain form, such as an ID.
type Form struct {
	Pattern *regexp.Regexp
	Is      string                   // "a level": what a text of this form is
	Right   func(word string) string // what whoever wrote another word should write
}

// Formed returns a text of a form.
func Formed[T ~string](f Form, into *Placed[T]) Value {
	read := func(r *Reader, n Node, name string) {
		var s string
		switch {
		case IsEmpty(n):
			r.Problem(r.Place(n), name+" has no value (what follows # is a comment)", f.Right(""))
		case !r.Text(n, name, &s):
		case !f.Pattern.MatchString(s):
			r.Problem(r.Place(n), fmt.Sprintf("%q isn't %s", s, f.Is), f.Right(s))
		default:
			*into = Placed[T]{T(s), r.Place(n)}
		}
	}
	return Value{read, &Schema{Type: Types{"string"}, Pattern: f.Pattern.String()}}
}

// Choice returns one of a few words.
func Choice[T ~string](into *Placed[T], words ...T) Value {
	known := make([]string, len(words))
	for i, w := range words {
		known[i] = string(w)
	}
	read := func(r *Reader, n Node, name string) {
		var s string
		switch {
		case !r.Text(n, name, &s):
		case !slices.Contains(known, s):
			r.Problem(r.Place(n), fmt.Sprintf("%s can't be %q", name, s), OneOf(s, known))
		default:
			*into = Placed[T]{T(s), r.Place(n)}
		}
	}
	return Value{read, &Schema{Enum: known}}
}

// Bool returns true or false.
func Bool(into *bool) Value {
	read := func(r *Reader, n Node, name string) {
		if kind(n) != "true or false" {
			r.Problem(r.Place(n), fmt.Sprintf("%s is %s", name, kind(n)), "write true or false")
			return
		}
		*into = strings.EqualFold(n.GetToken().Value, "true")
	}
	return Value{read, &Schema{Type: Types{"boolean"}}}
}

// Duration returns a duration within bounds.
func Duration(b Bounds, into *Placed[time.Duration]) Value {
	read := func(r *Reader, n Node, name string) {
		if r.Duration(n, name, b, &into.Value) {
			into.At = r.Place(n)
		}
	}
	return Value{read, &Schema{Type: Types{"string"}, Pattern: durationForm.String()}}
}
