package yamlfile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one mistake in a file.
type Problem struct {
	File         string
	Line, Column int    // from 1
	What         string // is wrong
	Right        string // what would be right
}

func (p Problem) String() string {
	return fmt.Sprintf("%s:%d:%d: %s; %s", p.File, p.Line, p.Column, p.What, p.Right)
}

// Problems is all that is wrong with a file, in the order of its lines. As an
// error it prints one problem a line.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for n, p := range ps {
		lines[n] = p.String()
	}
	return strings.Join(lines, "\n")
}

// sorted puts the problems into the order of the file. Those at one place stay
// in the order in which they were found.
func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(ps)
}

// Place is a line and a column of the user's file, from 1. The zero Place is
// that of a default, and of what has not been written at all.
type Place struct{ Line, Column int }

// Written reports whether the place is in the user's file.
func (p Place) Written() bool { return p.Line > 0 }

// Placed is a value and where it was written.
type Placed[T any] struct {
	Value T
	At    Place
}
