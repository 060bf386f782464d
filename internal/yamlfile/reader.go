package yamlfile

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// Node is a part of a YAML file.
type Node = ast.Node

// Reader takes YAML nodes apart and notes what they should not be. Each of its
// methods leaves the destination as it is when the node is wrong: a mistake
// never takes a default away, so it causes no second, puzzling problem.
type Reader struct {
	file     string
	embedded bool // in the program: its values have no place in the user's file
	problems Problems
}

// NewReader returns a reader of a user's file; its problems call it name.
func NewReader(name string) *Reader { return &Reader{file: name} }

// NewEmbedded returns a reader of a file that is part of the program: its values
// are defaults, which have no place.
func NewEmbedded(name string) *Reader { return &Reader{file: name, embedded: true} }

// Len returns how many problems were noted so far.
func (r *Reader) Len() int { return len(r.problems) }

// Err returns all the problems that were noted, in the order of the file, as
// [Problems]; nil if there are none.
func (r *Reader) Err() error {
	if len(r.problems) == 0 {
		return nil
	}
	return r.problems.sorted()
}

// Problem notes what is wrong at a place, and what would be right.
func (r *Reader) Problem(at Place, what, right string) {
	r.problems = append(r.problems, Problem{File: r.file, Line: at.Line, Column: at.Column, What: what, Right: right})
}

// Place is where a node begins.
func (r *Reader) Place(n Node) Place {
	if r.embedded {
		return Place{}
	}
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return r.Place(m.Values[0].Key) // the node's own token is the colon
	}
	if n == nil {
		return Place{1, 1}
	}
	return place(n.GetToken())
}

// kind is a node's type in the words of somebody who writes YAML.
func kind(n Node) string {
	switch n.(type) {
	case *ast.MappingNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.StringNode, *ast.LiteralNode:
		return "a text"
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "a number"
	case *ast.BoolNode:
		return "true or false"
	case nil, *ast.NullNode:
		return "empty"
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		return "an anchor or alias, which isn't supported"
	case *ast.TagNode:
		return "a tag, which isn't supported"
	}
	return "something else"
}

// IsText reports whether a node is a text, and not a number, a list or a mapping.
func IsText(n Node) bool { return kind(n) == "a text" }

// IsEmpty reports whether there is no value.
func IsEmpty(n Node) bool { return kind(n) == "empty" }

// Pair is a key of a mapping, with its value.
type Pair struct {
	Key   string
	At    Place // of the key
	Value Node
}

// Pairs takes a mapping apart, in the order of the file; no key is there twice.
// An empty value is a mapping without pairs: all of them may be commented out.
func (r *Reader) Pairs(n Node, name string) []Pair {
	if IsEmpty(n) {
		return nil
	}
	m, ok := n.(*ast.MappingNode)
	if !ok {
		r.Problem(r.Place(n), fmt.Sprintf("%s is %s", name, kind(n)), `write a mapping: lines of "key: value", indented`)
		return nil
	}
	var all []Pair
	first := map[string]Place{}
	for _, v := range m.Values {
		at := r.Place(v.Key)
		if kind(v.Key) != "a text" {
			r.Problem(at, fmt.Sprintf("this key of %s is %s", name, kind(v.Key)), "write a plain word before the colon")
			continue
		}
		key := v.Key.GetToken().Value
		if before, ok := first[key]; ok {
			r.Problem(at, fmt.Sprintf("%q is already on line %d", key, before.Line), "keep one of the two")
			continue
		}
		first[key] = at
		all = append(all, Pair{key, at, v.Value})
	}
	return all
}

// Field is a known key of a mapping.
type Field struct {
	Key      string
	Read     func(Node)
	Required bool
}

// Object reads a mapping whose keys are known, false if there is something else.
func (r *Reader) Object(n Node, name string, fields ...Field) bool {
	known := make([]string, len(fields))
	for i, f := range fields {
		known[i] = f.Key
	}
	there := map[string]bool{}
	for _, e := range r.Pairs(n, name) {
		i := slices.Index(known, e.Key)
		if i < 0 {
			r.Problem(e.At, fmt.Sprintf("unknown key %q in %s", e.Key, name), OneOf(e.Key, known))
			there[Nearest(e.Key, known)] = true // mistyped is not missing
			continue
		}
		there[known[i]] = true
		fields[i].Read(e.Value)
	}
	if k := kind(n); k != "a mapping" && k != "empty" {
		return false
	}
	for _, f := range fields {
		if f.Required && !there[f.Key] {
			r.Problem(r.Place(n), fmt.Sprintf("%s has no %q", name, f.Key), fmt.Sprintf("add %q", f.Key+": …"))
		}
	}
	return true
}

// List takes a list apart, false if it is none.
func (r *Reader) List(n Node, name string) ([]Node, bool) {
	s, ok := n.(*ast.SequenceNode)
	switch {
	case ok:
		return s.Values, true
	case IsEmpty(n):
		r.Problem(r.Place(n), name+" has no value", "write a list such as [a, b], or [] for none")
	case kind(n) == "a mapping":
		r.Problem(r.Place(n), name+" is a mapping", `write a list: begin each of its items with "- "`)
	case kind(n) == "a text":
		r.Problem(r.Place(n), fmt.Sprintf("%s is a text", name), fmt.Sprintf("write a list: [%s]", n.GetToken().Value))
	default:
		r.Problem(r.Place(n), fmt.Sprintf("%s is %s", name, kind(n)), "write a list such as [a, b]")
	}
	return nil, false
}

// Text reads a text of one line, false if there is none.
func (r *Reader) Text(n Node, name string, into *string) bool {
	var s string
	switch v := n.(type) {
	case *ast.StringNode:
		s = v.Value
	case *ast.LiteralNode:
		s = v.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		r.Problem(r.Place(n), fmt.Sprintf("%s is %s", name, kind(n)), fmt.Sprintf("write a text; in quotes, if it is meant: %q", n.GetToken().Value))
		return false
	default:
		what := name + " is " + kind(n)
		if IsEmpty(n) {
			what = name + " has no value"
		}
		r.Problem(r.Place(n), what, "write a text (what follows # is a comment)")
		return false
	}
	if s = strings.Join(strings.Fields(s), " "); s == "" {
		r.Problem(r.Place(n), name+" is an empty text", "write a text, or remove the line")
		return false
	}
	*into = s
	return true
}

// Word is Text that may be a number too: 15, but also 15m.
func (r *Reader) Word(n Node, name string, into *string) bool {
	if kind(n) == "a number" {
		*into = n.GetToken().Value
		return true
	}
	return r.Text(n, name, into)
}

// Number reads a whole number from 0, false if there is none.
func (r *Reader) Number(n Node, name string, into *int) bool {
	if i, ok := n.(*ast.IntegerNode); ok {
		if v, ok := i.Value.(uint64); ok && v <= math.MaxInt32 {
			*into = int(v)
			return true
		}
	}
	r.Problem(r.Place(n), fmt.Sprintf("%s isn't a whole number from 0", name), "write a whole number such as 2")
	return false
}

// Duration reads a duration within bounds, false if there is none.
func (r *Reader) Duration(n Node, name string, b Bounds, into *time.Duration) bool {
	switch kind(n) {
	case "a text", "a number":
	case "empty":
		r.Problem(r.Place(n), name+" has no value", aDuration)
		return false
	default:
		r.Problem(r.Place(n), fmt.Sprintf("%s is %s", name, kind(n)), aDuration)
		return false
	}
	s := strings.TrimSpace(n.GetToken().Value)
	d, err := parseDuration(s)
	if kind(n) == "a number" || err != nil { // a bare 0 parses, but says no unit
		r.Problem(r.Place(n), fmt.Sprintf("%s is %q, which isn't a duration", name, s), durationLike(s))
		return false
	}
	if what, right := b.check(d); what != "" {
		r.Problem(r.Place(n), fmt.Sprintf("%s is %s, %s", name, s, what), right)
		return false
	}
	*into = d
	return true
}
