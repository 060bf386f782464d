package incidenttest

import (
	"cmp"
	"maps"
	"slices"

	"muster/internal/incident"
)

// Load returns what there is beside a head when everything is wanted: the parts
// of before with changed ones written over them, and all entries.
func Load(before map[incident.PartKind][]incident.Part, changed []incident.Part, timeline []incident.Entry) incident.Loaded {
	l := incident.Loaded{Parts: maps.Clone(before), Entries: map[int]incident.Entry{}}
	if l.Parts == nil {
		l.Parts = map[incident.PartKind][]incident.Part{incident.PartDeadLetter: {}}
	}
	for _, p := range changed {
		rest := slices.DeleteFunc(slices.Clone(l.Parts[p.Kind]), func(other incident.Part) bool { return other.ID == p.ID })
		if len(p.Body) > 0 {
			rest = append(rest, p)
		}
		slices.SortFunc(rest, func(a, b incident.Part) int { return cmp.Compare(a.ID, b.ID) })
		l.Parts[p.Kind] = rest
	}
	for _, e := range timeline {
		l.Entries[e.Seq] = e
	}
	return l
}
