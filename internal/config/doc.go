// Package config reads what an organisation wants of Muster: its incident
// process from a YAML file, and its secrets and addresses from the environment.
//
// The defaults are a file too, defaults.yaml, which is embedded and which
// docs/configuration.md shows verbatim. A user's file is read on top of it, by
// the same code, so there is one schema and no default hides in Go:
//
//	defaults.yaml ─┐
//	               ├─ read → document ─ check → policy.Policy
//	muster.yaml ───┘         (values with their places)
//
// Reading knows the shape (keys, types, forms of IDs and durations), checking
// knows the process (steps that get later and higher, roles that somebody
// holds). Neither stops at the first mistake: [Problems] holds all of them,
// each with its place and with what would be right.
package config
