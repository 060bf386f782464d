package yamlfile

import (
	"fmt"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// The parser's work grows with the square of both. Nobody's file needs a tenth.
const (
	maxDepth = 64   // levels that may be nested
	maxKeys  = 5000 // in the whole file
)

// Check reports why a file should not be parsed by anybody: it is not YAML, it
// would cost too much, or it has aliases, which a few lines can multiply without
// end. The error is [Problems].
func Check(name string, b []byte) error {
	r := NewReader(name)
	if r.Root(b); len(r.problems) == 0 {
		for _, t := range lexer.Tokenize(string(b)) {
			if t.Type == token.AliasType {
				r.Problem(place(t), "this is an alias, which isn't supported", "write out what it stands for")
			}
		}
	}
	return r.Err()
}

// tooCostly notes the first place that the parser must not be given, since its work
// would grow with the square of what follows. It looks at each token once.
func (r *Reader) tooCostly(tokens token.Tokens) bool {
	var indents []int  // the columns of the block lists and mappings that are open
	flow, keys := 0, 0 // the brackets that are open; the keys so far
	for _, t := range tokens {
		switch t.Type {
		case token.MappingKeyType:
			r.Problem(place(t), `this isn't supported: a key that begins with "?"`, "write a plain word and a colon, or put the text in quotes")
			return true
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow = max(flow-1, 0)
		case token.SequenceEntryType:
			indents = indent(indents, t)
		case token.MappingValueType:
			if keys++; t.Prev != nil && flow == 0 {
				indents = indent(indents, t.Prev)
			}
		}
		if keys > maxKeys {
			r.Problem(place(t), fmt.Sprintf("the file has more than %d keys", maxKeys), "keep what is needed")
			return true
		}
		if len(indents)+flow > maxDepth {
			r.Problem(place(t), fmt.Sprintf("this is nested more than %d levels deep", maxDepth), "check the brackets and the indentation")
			return true
		}
	}
	return false
}

// indent opens a level at a token's column, which closes all that are not left of it.
func indent(indents []int, t *token.Token) []int {
	for len(indents) > 0 && indents[len(indents)-1] >= t.Position.Column {
		indents = indents[:len(indents)-1]
	}
	return append(indents, t.Position.Column)
}

func place(t *token.Token) Place {
	if t == nil || t.Position == nil {
		return Place{1, 1}
	}
	return Place{max(t.Position.Line, 1), max(t.Position.Column, 1)}
}
