// Package yamlfile reads YAML files that people write. It never stops at the
// first mistake: a [Reader] takes the file apart and notes every [Problem], each
// with its place (file, line and column), with what is wrong and with what would
// be right, such as the nearest key for a mistyped one.
//
//	bytes ─ Root ─► Node ─ Object, Pairs, List ─► Node ─ Text, Number, Duration ─► value
//	                 └── Problem(place, what, right) ──► Err: all Problems
//
// A file with a schema is written as [Value]s on top of that: each reads itself
// with a Reader and describes itself, so that reading and schema cannot differ.
//
// It knows YAML and nothing of what a file is for: the configuration and the
// rehearsal's scenarios are read with it. Only a plain subset is read: no
// anchors, aliases or tags, one document, at most [MaxSize] bytes.
package yamlfile
