package slackid

import (
	"encoding/json"
	"iter"
	"slices"
)

// Set is IDs of one kind, sorted, each once. It is a value: no method changes
// it, so copies never share what one of them adds. The zero value is empty.
type Set[T ~string] struct {
	sorted []T // nil when empty
}

// NewSet returns the set of the IDs, in whatever order and however often they
// are named.
func NewSet[T ~string](ids ...T) Set[T] { return Set[T]{}.With(ids...) }

// With returns the set with more IDs in it.
func (s Set[T]) With(ids ...T) Set[T] {
	all := slices.Concat(s.sorted, ids)
	slices.Sort(all)
	return Set[T]{slices.Compact(all)}
}

// Union returns the IDs that are in either set.
func (s Set[T]) Union(t Set[T]) Set[T] { return s.With(t.sorted...) }

// Without returns the IDs that are not in another set.
func (s Set[T]) Without(t Set[T]) Set[T] {
	return NewSet(slices.DeleteFunc(slices.Clone(s.sorted), t.Has)...)
}

// Has reports whether the ID is in the set.
func (s Set[T]) Has(id T) bool {
	_, found := slices.BinarySearch(s.sorted, id)
	return found
}

// Len returns how many IDs there are.
func (s Set[T]) Len() int { return len(s.sorted) }

// All yields the IDs in their order.
func (s Set[T]) All() iter.Seq[T] { return slices.Values(s.sorted) }

// Equal reports whether both sets hold the same IDs.
func (s Set[T]) Equal(t Set[T]) bool { return slices.Equal(s.sorted, t.sorted) }

// IsZero reports whether the set is empty, so that JSON can leave it out.
func (s Set[T]) IsZero() bool { return len(s.sorted) == 0 }

// MarshalJSON writes a list, in order; the empty set as [].
func (s Set[T]) MarshalJSON() ([]byte, error) {
	if s.IsZero() {
		return []byte("[]"), nil
	}
	return json.Marshal(s.sorted)
}

// UnmarshalJSON reads a list in any order.
func (s *Set[T]) UnmarshalJSON(b []byte) error {
	var ids []T
	if err := json.Unmarshal(b, &ids); err != nil {
		return err
	}
	*s = NewSet(ids...)
	return nil
}
