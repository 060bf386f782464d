// Package config reads what an organisation wants of Muster: its incident
// process from a YAML file, and its secrets and addresses from the environment.
//
// The defaults are a file too, defaults.yaml, which is embedded and which
// docs/configuration.md shows verbatim. A user's file is read on top of it, by
// the same code, so there is one schema and no default hides in Go:
//
//	defaults.yaml ─┐
//	               ├─ read → document ─ check → apply → policy.Policy
//	muster.yaml ───┘         (sections: values with their places)
//
// Each of the file's outermost keys is a section, in a file of its own: a small
// type that says what it reads, checks itself beside the others and puts itself
// into the policy. The table in document.go lists them.
//
// Reading knows the shape (keys, types, forms of IDs and durations), checking
// knows the process (steps that get later and higher, roles that somebody
// holds). Neither stops at the first mistake: [yamlfile.Problems] holds all,
// each with its place and with what would be right.
package config
