package blockkit

import (
	"fmt"
	"maps"
	"slices"
)

type object = map[string]any

// Problem is one thing that Slack would refuse, and where.
type Problem struct {
	Text    string
	Pointer string
}

func (p Problem) String() string {
	if p.Pointer == "" {
		return p.Text
	}
	return p.Text + " [json-pointer:" + p.Pointer + "]"
}

// checker collects problems while it walks a layout.
type checker struct {
	on        surface
	kinds     map[string]shape // the blocks that the surface shows
	malformed []Problem
	conflicts []Problem

	blockIDs map[string]bool
	actions  map[string]bool // action_ids of the block at hand
	inputs   []string        // where input blocks are
	focused  bool            // an element has taken the focus
	depth    int             // of blocks that hold blocks
	tables   int
	charts   int
	markdown int // characters in all markdown blocks
	cells    int // characters in all tables
	dataCell int // characters in all data tables
}

// say reports an object that has not the shape it should.
func (c *checker) say(at, format string, args ...any) {
	c.malformed = append(c.malformed, Problem{Text: fmt.Sprintf(format, args...), Pointer: at})
}

// conflict reports things that are well formed, but do not go together. Slack
// looks for those only in a layout without malformed objects.
func (c *checker) conflict(at, format string, args ...any) {
	c.conflicts = append(c.conflicts, Problem{Text: fmt.Sprintf(format, args...), Pointer: at})
}

func (c *checker) problems() []Problem {
	if len(c.malformed) > 0 {
		return c.malformed
	}
	return c.conflicts
}

// rule checks one value at a place.
type rule func(c *checker, at string, v any)

type properties = map[string]rule

// shape describes an object.
type shape struct {
	required properties
	optional properties
	also     func(c *checker, at string, o object) // rules across properties
	open     bool                                  // lets properties be that it does not have
}

// with adds properties to a shape's optional ones, which win.
func (s shape) with(more properties) shape {
	s.optional = join(more, s.optional)
	return s
}

// join puts groups of properties, or tables of shapes, together; of two with one
// name the later wins.
func join[V any](groups ...map[string]V) map[string]V {
	all := map[string]V{}
	for _, group := range groups {
		maps.Copy(all, group)
	}
	return all
}

// object checks an object against a shape; settled are properties that whoever
// picked the shape has checked.
func (c *checker) object(at string, o object, s shape, settled ...string) {
	for _, name := range slices.Sorted(maps.Keys(s.required)) {
		if _, there := o[name]; !there {
			c.say(at, "missing required field: %s", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		r, known := s.required[name]
		if !known {
			r, known = s.optional[name]
		}
		switch {
		case known:
			r(c, at+"/"+name, o[name])
		case !s.open && !slices.Contains(settled, name):
			c.say(at, "invalid additional property: %s", name)
		}
	}
	if s.also != nil {
		s.also(c, at, o)
	}
}

// block checks one block, whose elements have action_ids of their own.
func (c *checker) block(at string, v any, allowed ...string) {
	outer := c.actions
	c.actions = map[string]bool{}
	typed(c.kinds, allowed...)(c, at, v)
	c.actions = outer
}
